"""Letters that tell a client what changes for it, and from when: polite, exact, and no more."""
