"""The pages, one file per area. `ROUTERS` is all of them; a test compares them with the pages it looks at."""

from services.portal.web.pages import (
    assets,
    cases,
    cells,
    circle,
    contributions,
    decisions,
    help,
    home,
    host,
    log,
    mandates,
    planning,
    proposals,
    sessions,
    sharing,
    signals,
    signin,
    streams,
)

# Of two addresses that fit, the first counts: to plan a session before a session by its id, a draft's text before a
# step of sharing it.
ROUTERS = (
    assets.router,
    home.router,
    signin.router,
    help.router,
    signals.router,
    proposals.router,
    cells.router,
    mandates.router,
    log.router,
    host.router,
    planning.router,
    sessions.router,
    decisions.router,
    streams.router,
    cases.router,
    circle.router,
    contributions.router,
    sharing.router,
)
