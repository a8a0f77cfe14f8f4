"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.request_authentication import (
    jwks_fetch_unrestricted,
    request_authentication_doubtful,
    request_authentication_on_tcp,
    request_authentication_refused,
)

REQUEST_AUTHENTICATION: list[Rule] = [
    jwks_fetch_unrestricted,
    request_authentication_refused,
    request_authentication_doubtful,
    request_authentication_on_tcp,
]
