"""The mail catcher of a local platform: takes every letter, sends none on, shows them on a page of this machine."""
