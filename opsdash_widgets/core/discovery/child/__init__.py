"""What runs in the target interpreter too: standard library only, Python 3.8 or later.

``probe_child.py`` is started there by its path and loads its siblings under a private
package name, so that nothing of ours has to be installed in the target environment
and no name of ours hides one of the user's.
"""
