"""The fields of ProxyConfig: names, types and order of istio.mesh.v1alpha1.ProxyConfig (istio.io/api)."""

from __future__ import annotations

from sailwright.mesh.values.protobuf import Enum, Field, Message

_STRING, _BOOL, _DURATION = Field("string"), Field("bool"), Field("duration")
_INT32, _UINT32 = Field("int32"), Field("uint32")
_STRINGS, _STRING_MAP = Field("string", repeated=True), Field("string", keyed=True)
_BOOL_VALUE, _INT64_VALUE = Field("bool", wrapped=True), Field("int64", wrapped=True)
_UINT32_VALUE = Field("uint32", wrapped=True)


def _message(**fields: Field) -> Field:
    return Field(Message(fields))


def _enum(*names: str) -> Field:
    return Field(Enum(dict(enumerate(names))))


_TLS_SETTINGS = _message(
    mode=_enum("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"),
    clientCertificate=_STRING,
    privateKey=_STRING,
    caCertificates=_STRING,
    credentialName=_STRING,
    subjectAltNames=_STRINGS,
    sni=_STRING,
    insecureSkipVerify=_BOOL_VALUE,
    caCrl=_STRING,
)
_CUSTOM_TAG = Message(
    {
        "literal": _message(value=_STRING),
        "environment": _message(name=_STRING, defaultValue=_STRING),
        "header": _message(name=_STRING, defaultValue=_STRING),
    }
)
_TRACE_CONTEXT = Enum(dict(enumerate(("UNSPECIFIED", "W3C_TRACE_CONTEXT", "GRPC_BIN", "CLOUD_TRACE_CONTEXT", "B3"))))
_TRACING = _message(
    zipkin=_message(address=_STRING),
    lightstep=_message(address=_STRING, accessToken=_STRING),
    datadog=_message(address=_STRING),
    stackdriver=_message(
        debug=_BOOL,
        maxNumberOfAttributes=_INT64_VALUE,
        maxNumberOfAnnotations=_INT64_VALUE,
        maxNumberOfMessageEvents=_INT64_VALUE,
    ),
    openCensusAgent=_message(address=_STRING, context=Field(_TRACE_CONTEXT, repeated=True)),
    customTags=Field(_CUSTOM_TAG, keyed=True),
    maxPathTagLength=_UINT32,
    sampling=Field("double"),
    tlsSettings=_TLS_SETTINGS,
    enableIstioTags=_BOOL_VALUE,
)
_REMOTE_SERVICE = _message(
    address=_STRING,
    tlsSettings=_TLS_SETTINGS,
    tcpKeepalive=_message(probes=_UINT32, time=_DURATION, interval=_DURATION),
)
_READINESS_PROBE = _message(
    initialDelaySeconds=_INT32,
    timeoutSeconds=_INT32,
    periodSeconds=_INT32,
    successThreshold=_INT32,
    failureThreshold=_INT32,
    httpGet=_message(
        path=_STRING,
        port=_UINT32,
        host=_STRING,
        scheme=_STRING,
        httpHeaders=Field(Message({"name": _STRING, "value": _STRING}), repeated=True),
    ),
    tcpSocket=_message(host=_STRING, port=_UINT32),
    exec=_message(command=_STRINGS),
    grpc=_message(port=_UINT32, service=_STRING),
)
_CLIENT_CERT = _enum("UNDEFINED", "SANITIZE", "FORWARD_ONLY", "APPEND_FORWARD", "SANITIZE_SET", "ALWAYS_FORWARD_ONLY")
_DISABLED, _ENABLED = _message(disabled=_BOOL_VALUE), _message(enabled=_BOOL_VALUE)
_PROXY_HEADERS = _message(
    forwardedClientCert=_CLIENT_CERT,
    requestId=_DISABLED,
    server=_message(disabled=_BOOL_VALUE, value=_STRING),
    attemptCount=_DISABLED,
    envoyDebugHeaders=_DISABLED,
    metadataExchangeHeaders=_message(mode=_enum("UNDEFINED", "IN_MESH")),
    preserveHttp1HeaderCase=_BOOL_VALUE,
    setCurrentClientCertDetails=_message(
        subject=_BOOL_VALUE, cert=_BOOL_VALUE, chain=_BOOL_VALUE, dns=_BOOL_VALUE, uri=_BOOL_VALUE
    ),
    xForwardedHost=_ENABLED,
    xForwardedPort=_ENABLED,
)
_CONNECTION_SETTINGS = _message(
    profile=_STRING,
    listenerPerConnectionBufferLimitBytes=_UINT32_VALUE,
    clusterPerConnectionBufferLimitBytes=_UINT32_VALUE,
    httpIdleTimeout=_DURATION,
    httpRequestTimeout=_DURATION,
    httpStreamIdleTimeout=_DURATION,
    httpMaxConcurrentStreams=_UINT32_VALUE,
    http2InitialStreamWindowSize=_UINT32_VALUE,
    http2InitialConnectionWindowSize=_UINT32_VALUE,
    httpRequestHeadersTimeout=_DURATION,
    httpHeadersWithUnderscoresAction=_STRING,
    httpMergeSlashes=_BOOL_VALUE,
    httpPathWithEscapedSlashesAction=_STRING,
)
_PRIVATE_KEYS = _message(pollDelay=_DURATION, fallback=_BOOL_VALUE)

PROXY_CONFIG = Message(
    {
        "configPath": _STRING,
        "binaryPath": _STRING,
        "serviceCluster": _STRING,
        "tracingServiceName": _enum("APP_LABEL_AND_NAMESPACE", "CANONICAL_NAME_ONLY", "CANONICAL_NAME_AND_NAMESPACE"),
        "drainDuration": _DURATION,
        "discoveryAddress": _STRING,
        "zipkinAddress": _STRING,
        "statsdUdpAddress": _STRING,
        "proxyAdminPort": _INT32,
        "controlPlaneAuthPolicy": Field(Enum({0: "NONE", 1: "MUTUAL_TLS", 1000: "INHERIT"})),
        "customConfigFile": _STRING,
        "statNameLength": _INT32,
        "concurrency": Field("int32", wrapped=True),
        "proxyBootstrapTemplatePath": _STRING,
        "interceptionMode": _enum("REDIRECT", "TPROXY", "NONE"),
        "tracing": _TRACING,
        "envoyAccessLogService": _REMOTE_SERVICE,
        "envoyMetricsService": _REMOTE_SERVICE,
        "proxyMetadata": _STRING_MAP,
        "runtimeValues": _STRING_MAP,
        "statusPort": _INT32,
        "extraStatTags": _STRINGS,
        "gatewayTopology": _message(
            numTrustedProxies=_UINT32, forwardClientCertDetails=_CLIENT_CERT, proxyProtocol=_message()
        ),
        "terminationDrainDuration": _DURATION,
        "meshId": _STRING,
        "readinessProbe": _READINESS_PROBE,
        "proxyStatsMatcher": _message(
            inclusionPrefixes=_STRINGS, inclusionSuffixes=_STRINGS, inclusionRegexps=_STRINGS
        ),
        "holdApplicationUntilProxyStarts": _BOOL_VALUE,
        "caCertificatesPem": _STRINGS,
        "image": _message(imageType=_STRING),
        "privateKeyProvider": _message(cryptomb=_PRIVATE_KEYS, qat=_PRIVATE_KEYS),
        "proxyHeaders": _PROXY_HEADERS,
        "fileFlushInterval": _DURATION,
        "fileFlushMinSizeKb": _UINT32_VALUE,
        "statsCompression": _BOOL_VALUE,
        "connectionSettings": _CONNECTION_SETTINGS,
    }
)
