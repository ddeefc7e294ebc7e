"""The GPU checks of a KVM host and of a virtual machine: in Python, and in bash beside it, with the same answers.

For each check of ``ctxschema.catalog.checks`` there is a module of its name with a function ``probe``, and a file of
its name with a bash function. What several of them need stands in modules of this folder, likewise twice.
"""
