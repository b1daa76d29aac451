"""The pages, one folder per area. `ROUTERS` is all of them; a test compares them with the pages it looks at."""

from services.portal.web.account import invitation_routes, me_routes, profile_routes, sign_in_routes
from services.portal.web.account import routes as account
from services.portal.web.case import circle_routes, conflict_routes, ending_routes, information_routes, invite_routes
from services.portal.web.case import routes as case
from services.portal.web.cell import (
    contact_routes,
    invited_routes,
    mandate_act_routes,
    mandate_routes,
    seat_routes,
    set_up_routes,
    undertaking_routes,
)
from services.portal.web.cell import invite_routes as inviting
from services.portal.web.cell import law_routes as confirming
from services.portal.web.cell import routes as cell
from services.portal.web.contribution import routes as contribution
from services.portal.web.contribution import share_routes
from services.portal.web.help import routes as help
from services.portal.web.home import draft_routes, waiting_routes
from services.portal.web.home import routes as home
from services.portal.web.host import cell_routes as host_cell
from services.portal.web.host import founding_routes, law_routes, provider_routes, saml_routes, theft_routes
from services.portal.web.host import routes as host
from services.portal.web.log import routes as log
from services.portal.web.question import answer_routes
from services.portal.web.question import routes as question
from services.portal.web.request import asset_routes
from services.portal.web.rules import decide_routes as rules_decision
from services.portal.web.rules import draft_routes as rules_draft
from services.portal.web.rules import file_routes as rules_file
from services.portal.web.rules import routes as rules
from services.portal.web.session import decision_routes, live_routes, plan_routes, stream_routes, undo_routes
from services.portal.web.session import routes as session
from services.portal.web.signal import (
    check_routes,
    decide_routes,
    outcome_routes,
    page_routes,
    propose_routes,
    reconsider_routes,
)
from services.portal.web.signal import routes as signal

# Of two addresses that fit, the first counts: to plan a session before a session by its id, a draft's text before a
# step of sharing it.
ROUTERS = (
    asset_routes.router,
    home.router,
    waiting_routes.router,
    draft_routes.router,
    account.router,
    me_routes.router,
    profile_routes.router,
    sign_in_routes.router,
    invitation_routes.router,
    help.router,
    signal.router,
    page_routes.router,
    check_routes.router,
    outcome_routes.router,
    propose_routes.router,
    decide_routes.router,
    reconsider_routes.router,
    question.router,
    answer_routes.router,
    cell.router,
    undertaking_routes.router,
    inviting.router,
    invited_routes.router,
    seat_routes.router,
    mandate_routes.router,
    contact_routes.router,
    mandate_act_routes.router,
    confirming.router,
    set_up_routes.router,
    rules_draft.router,
    rules_file.router,
    rules.router,
    rules_decision.router,
    log.router,
    host.router,
    host_cell.router,
    founding_routes.router,
    law_routes.router,
    saml_routes.router,
    provider_routes.router,
    theft_routes.router,
    plan_routes.router,
    session.router,
    live_routes.router,
    decision_routes.router,
    undo_routes.router,
    stream_routes.router,
    case.router,
    circle_routes.router,
    invite_routes.router,
    ending_routes.router,
    conflict_routes.router,
    information_routes.router,
    contribution.router,
    share_routes.router,
)
