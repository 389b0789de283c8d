"""From bytes to documents: the only part of the tool that sees YAML."""
