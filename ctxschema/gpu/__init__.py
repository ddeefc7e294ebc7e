"""The GPU checks of a KVM host and of a virtual machine, in Python and in bash with the same answers.

Each check is a module in ``checks`` with its declaration ``CHECK`` and a function ``probe``, and beside it a file of
the same name with a bash function. Code that several checks share is in modules of this folder, again in both
languages.
"""
