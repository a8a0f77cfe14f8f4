"""What Istio's webhook refuses of a ProxyConfig and of a WasmPlugin and of a TrafficExtension, and what it warns about."""

from sailwright_policies.webhook import WebhookRule

PROXY_CONFIG_REFUSED = WebhookRule(
    __name__,
    "ProxyConfig",
    "proxy-config-refused",
    "error",
    ("IST0106",),
    page="""A ProxyConfig that Istio's webhook refuses is never applied: proxies keep their settings.

istiod checks the selector, and that concurrency is not negative.
""",
    bad="""
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: reviews, namespace: shop}
spec:
  concurrency: -1  # finding
""",
    good="""
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: reviews, namespace: shop}
spec:
  concurrency: 0
""",
)

PROXY_CONFIG_DOUBTFUL = WebhookRule(
    __name__,
    "ProxyConfig",
    "proxy-config-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this ProxyConfig and warns: its selector has no labels, so it is for every workload of the namespace.

An empty selector looks like a narrow setting and is a wide one.
""",
    bad="""
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  concurrency: 2
""",
    good="""
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  concurrency: 2
""",
)

WASM_PLUGIN_REFUSED = WebhookRule(
    __name__,
    "WasmPlugin",
    "wasm-plugin-refused",
    "error",
    ("IST0106",),
    page="""A WasmPlugin that Istio's webhook refuses is never applied: what it should check is not checked.

istiod checks the address of the module, its digest, its environment and the ports it is for.
""",
    bad="""
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  url: ftp://example.com/filter.wasm  # finding
""",
    good="""
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  url: oci://registry.example.com/filter:1.0
""",
)

WASM_PLUGIN_DOUBTFUL = WebhookRule(
    __name__,
    "WasmPlugin",
    "wasm-plugin-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this WasmPlugin and warns: its selector has no labels, so it is for every workload of the namespace.

An empty selector looks like a narrow setting and is a wide one.
""",
    bad="""
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  url: oci://registry.example.com/filter:1.0
""",
    good="""
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  url: oci://registry.example.com/filter:1.0
""",
)

TRAFFIC_EXTENSION_REFUSED = WebhookRule(
    __name__,
    "TrafficExtension",
    "traffic-extension-refused",
    "error",
    ("IST0106",),
    page="""A TrafficExtension that Istio's webhook refuses is never applied: what it should check is not checked.

istiod checks that it holds either a WebAssembly module or Lua, the module's address, and the ports it is for.
""",
    bad="""
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  wasm:
    url: ftp://example.com/filter.wasm  # finding
""",
    good="""
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  wasm:
    url: oci://registry.example.com/filter:1.0
""",
)

TRAFFIC_EXTENSION_DOUBTFUL = WebhookRule(
    __name__,
    "TrafficExtension",
    "traffic-extension-doubtful",
    "warning",
    ("IST0133",),
    page="""Istio takes this TrafficExtension and warns: its selector has no labels, so it is for every workload of the namespace.

An empty selector looks like a narrow setting and is a wide one.
""",
    bad="""
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  selector: {}  # finding
  wasm:
    url: oci://registry.example.com/filter:1.0
""",
    good="""
apiVersion: extensions.istio.io/v1alpha1
kind: TrafficExtension
metadata: {name: reviews, namespace: shop}
spec:
  selector:
    matchLabels: {app: reviews}
  wasm:
    url: oci://registry.example.com/filter:1.0
""",
)
