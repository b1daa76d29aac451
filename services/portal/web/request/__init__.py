"""Who stands before the pages: sign-ins, access, refusals, what keeps a page up to date."""
