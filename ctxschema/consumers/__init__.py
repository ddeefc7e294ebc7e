"""What each consumer of USER_INPUTS accepts, and what it makes of an answer."""
