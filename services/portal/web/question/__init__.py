"""Questions without a name: asked, answered, closed; and what looks as if somebody were named in one."""
