"""Outside judges: programs of others that take what we make, or say why they do not.

They come by npm, into `.referee-npm`; `make referee` installs them and asks them. What is judged is
ours to choose, what is right is not.
"""
