"""What Istio's webhook refuses of a VirtualService, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

VIRTUAL_SERVICE_REFUSED = WebhookRule(
    __name__,
    "VirtualService",
    "virtual-service-refused",
    "error",
    ("IST0106",),
    page="""A VirtualService that Istio's webhook refuses is never applied, and the traffic keeps following the old one.

istiod checks hosts, gateways, matches, weights, durations, regular expressions (RE2) and which settings of a rule exclude each
other. Where the webhook is switched off, istiod ignores the object instead, and reports that in its log only.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - uri:
            regex: "^/x("  # finding
      retries: {attempts: 2, retryOn: "5xx, reset"}  # finding
      timeout: 500us  # finding
      route: [{destination: {host: reviews}}]
""",
    good="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - match:
        - uri:
            regex: "^/x.*"
      retries: {attempts: 2, retryOn: "5xx,reset"}
      timeout: 500ms
      route: [{destination: {host: reviews}}]
""",
)

VIRTUAL_SERVICE_DOUBTFUL = WebhookRule(
    __name__,
    "VirtualService",
    "virtual-service-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this VirtualService and warns: part of it is deprecated or does not work everywhere.

The webhook's warnings are printed once, by kubectl, and lost: in a pipeline they go unnoticed.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - mirror: {host: reviews-canary}
      mirrorPercent: 10  # finding
      route: [{destination: {host: reviews}}]
""",
    good="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - mirror: {host: reviews-canary}
      mirrorPercentage: {value: 10}
      route: [{destination: {host: reviews}}]
""",
)

VIRTUAL_SERVICE_RULE_UNREACHABLE = WebhookRule(
    __name__,
    "VirtualService",
    "virtual-service-rule-unreachable",
    "warning",
    ("IST0130",),
    page="""No request reaches this rule of a VirtualService: an earlier rule routes its requests.

The first rule that matches wins. A rule is never used if an earlier rule has no match, or if earlier rules have all of its matches.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: default
      route: [{destination: {host: reviews, subset: v1}}]
    - name: staff  # finding
      match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
""",
    good="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
    - name: staff
      match: [{headers: {x-user-group: {exact: staff}}}]
      route: [{destination: {host: reviews, subset: v2}}]
    - name: default
      route: [{destination: {host: reviews, subset: v1}}]
""",
)

VIRTUAL_SERVICE_MATCH_UNREACHABLE = WebhookRule(
    __name__,
    "VirtualService",
    "virtual-service-match-unreachable",
    "info",
    ("IST0131",),
    page="""No request reaches this match of a VirtualService: an earlier one takes its requests.

An earlier rule has the same match, or a shorter prefix under the same conditions.
""",
    bad="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match:
        - uri: {prefix: /api}
      route: [{destination: {host: api}}]
    - match:
        - uri: {prefix: /api/v2}  # finding
        - uri: {prefix: /static}
      route: [{destination: {host: web}}]
""",
    good="""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [istio-ingress/public]
  http:
    - match:
        - uri: {prefix: /api/v2}
        - uri: {prefix: /static}
      route: [{destination: {host: web}}]
    - match:
        - uri: {prefix: /api}
      route: [{destination: {host: api}}]
""",
)
