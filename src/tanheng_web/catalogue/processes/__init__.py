"""Process templates of an enterprise's own beside those of its standards, and setting up a process from one."""
