"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.request_authentication import (
    jwks_fetch_unrestricted,
    request_authentication_on_tcp,
    token_not_required,
    webhook,
)

REQUEST_AUTHENTICATION: list[Rule] = [
    jwks_fetch_unrestricted,
    webhook.REQUEST_AUTHENTICATION_REFUSED,
    webhook.REQUEST_AUTHENTICATION_DOUBTFUL,
    request_authentication_on_tcp,
    token_not_required,
]
