"""A machine of Debian's packages alone, booted as OpenNebula boots one: `make vm` and `make vm-test`."""
