"""The GPU checks of a KVM host and of a virtual machine: in Python, and in bash beside it, with the same answers.

Each check is a module of ``checks`` with its declaration and a function ``probe``, and beside it a file of its name
with a bash function. What several of them need stands in modules of this folder, likewise twice.
"""
