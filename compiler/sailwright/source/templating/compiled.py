"""The built-in templates as Jinja compiles them, written by `make templates`: whoever changes a template runs that."""

# mypy: ignore-errors

from sailwright.source.templating.runtime import RUNTIME

environment = RUNTIME["environment"]
Undefined = RUNTIME["Undefined"]
internalcode = RUNTIME["internalcode"]
missing = RUNTIME["missing"]
TemplateRuntimeError = RUNTIME["TemplateRuntimeError"]


def template_1_24_authorizationpolicy(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_targetRefs = resolve('targetRefs', missing)
    l_0_sources = resolve('sources', missing)
    pass
    yield 'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    if (undefined(name='selector') if l_0_selector is missing else l_0_selector):
        pass
        yield '  selector:\n    matchLabels: '
        yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
        yield '\n'
    else:
        pass
        yield '  targetRefs: '
        yield (filled((undefined(name='targetRefs') if l_0_targetRefs is missing else l_0_targetRefs)))
        yield '\n'
    yield '  action: ALLOW\n'
    if (undefined(name='sources') if l_0_sources is missing else l_0_sources):
        pass
        yield '  rules:\n  - from:\n'
        for (l_1_key, l_1_value) in (undefined(name='sources') if l_0_sources is missing else l_0_sources):
            _loop_vars = {}
            pass
            yield '    - source:\n        '
            yield (filled(l_1_key))
            yield ': '
            yield (filled(l_1_value))
            yield '\n'
        l_1_key = l_1_value = missing


def template_1_24_configmap(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_data = resolve('data', missing)
    pass
    yield 'apiVersion: v1\nkind: ConfigMap\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\ndata: '
    yield (filled((undefined(name='data') if l_0_data is missing else l_0_data)))


def template_1_24_cronjob(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_schedule = resolve('schedule', missing)
    l_0_settings = resolve('settings', missing)
    l_0_jobSettings = resolve('jobSettings', missing)
    l_0_pod = resolve('pod', missing)
    pass
    yield 'apiVersion: batch/v1\nkind: CronJob\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  schedule: '
    yield (filled((undefined(name='schedule') if l_0_schedule is missing else l_0_schedule)))
    yield '\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  jobTemplate:\n    spec:\n'
    for (l_1_key, l_1_value) in (undefined(name='jobSettings') if l_0_jobSettings is missing else l_0_jobSettings):
        _loop_vars = {}
        pass
        yield '      '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '      template: '
    yield (filled((undefined(name='pod') if l_0_pod is missing else l_0_pod)))


def template_1_24_daemonset(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    yield 'apiVersion: apps/v1\nkind: DaemonSet\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  selector:\n    matchLabels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
    yield '\n  template: '
    yield (filled((undefined(name='pod') if l_0_pod is missing else l_0_pod)))


def template_1_24_deployment(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    yield 'apiVersion: apps/v1\nkind: Deployment\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  selector:\n    matchLabels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
    yield '\n  template: '
    yield (filled((undefined(name='pod') if l_0_pod is missing else l_0_pod)))


def template_1_24_destinationrule(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_host = resolve('host', missing)
    l_0_exportTo = resolve('exportTo', missing)
    l_0_trafficPolicy = resolve('trafficPolicy', missing)
    l_0_subsets = resolve('subsets', missing)
    pass
    yield 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  host: '
    yield (filled((undefined(name='host') if l_0_host is missing else l_0_host)))
    yield '\n'
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        yield '  exportTo: '
        yield (filled((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo)))
        yield '\n'
    if (undefined(name='trafficPolicy') if l_0_trafficPolicy is missing else l_0_trafficPolicy):
        pass
        yield '  trafficPolicy: '
        yield (filled((undefined(name='trafficPolicy') if l_0_trafficPolicy is missing else l_0_trafficPolicy)))
        yield '\n'
    if (undefined(name='subsets') if l_0_subsets is missing else l_0_subsets):
        pass
        yield '  subsets:\n'
        for l_1_subset in (undefined(name='subsets') if l_0_subsets is missing else l_0_subsets):
            _loop_vars = {}
            pass
            yield '  - name: '
            yield (filled(environment.getattr(l_1_subset, 'name')))
            yield '\n    labels: '
            yield (filled(environment.getattr(l_1_subset, 'labels')))
            yield '\n'
            if environment.getattr(l_1_subset, 'trafficPolicy'):
                pass
                yield '    trafficPolicy: '
                yield (filled(environment.getattr(l_1_subset, 'trafficPolicy')))
                yield '\n'
        l_1_subset = missing


def template_1_24_grpcroute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_rules = resolve('rules', missing)
    pass
    yield 'apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  parentRefs: '
    yield (filled((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs)))
    yield '\n'
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        yield '  hostnames: '
        yield (filled((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames)))
        yield '\n'
    yield '  rules:\n'
    for l_1_rule in (undefined(name='rules') if l_0_rules is missing else l_0_rules):
        _loop_vars = {}
        pass
        yield '  -\n'
        for (l_2_key, l_2_value) in l_1_rule:
            _loop_vars = {}
            pass
            yield '    '
            yield (filled(l_2_key))
            yield ': '
            yield (filled(l_2_value))
            yield '\n'
        l_2_key = l_2_value = missing
    l_1_rule = missing


def template_1_24_horizontalpodautoscaler(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_target = resolve('target', missing)
    l_0_minReplicas = resolve('minReplicas', missing)
    l_0_maxReplicas = resolve('maxReplicas', missing)
    l_0_metrics = resolve('metrics', missing)
    l_0_behavior = resolve('behavior', missing)
    pass
    yield 'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: '
    yield (filled(environment.getattr((undefined(name='target') if l_0_target is missing else l_0_target), 'kind')))
    yield '\n    name: '
    yield (filled(environment.getattr((undefined(name='target') if l_0_target is missing else l_0_target), 'name')))
    yield '\n  minReplicas: '
    yield (filled((undefined(name='minReplicas') if l_0_minReplicas is missing else l_0_minReplicas)))
    yield '\n  maxReplicas: '
    yield (filled((undefined(name='maxReplicas') if l_0_maxReplicas is missing else l_0_maxReplicas)))
    yield '\n  metrics: '
    yield (filled((undefined(name='metrics') if l_0_metrics is missing else l_0_metrics)))
    yield '\n'
    if (undefined(name='behavior') if l_0_behavior is missing else l_0_behavior):
        pass
        yield '  behavior: '
        yield (filled((undefined(name='behavior') if l_0_behavior is missing else l_0_behavior)))
        yield '\n'


def template_1_24_httproute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_rules = resolve('rules', missing)
    pass
    yield 'apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  parentRefs: '
    yield (filled((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs)))
    yield '\n'
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        yield '  hostnames: '
        yield (filled((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames)))
        yield '\n'
    yield '  rules:\n'
    for l_1_rule in (undefined(name='rules') if l_0_rules is missing else l_0_rules):
        _loop_vars = {}
        pass
        yield '  -\n'
        for (l_2_key, l_2_value) in l_1_rule:
            _loop_vars = {}
            pass
            yield '    '
            yield (filled(l_2_key))
            yield ': '
            yield (filled(l_2_value))
            yield '\n'
        l_2_key = l_2_value = missing
    l_1_rule = missing


def template_1_24_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_inboundLocalhost = resolve('inboundLocalhost', missing)
    l_0_pilotCertProvider = resolve('pilotCertProvider', missing)
    l_0_caAddress = resolve('caAddress', missing)
    l_0_proxyConfig = resolve('proxyConfig', missing)
    l_0_podPorts = resolve('podPorts', missing)
    l_0_appContainers = resolve('appContainers', missing)
    l_0_compliancePolicy = resolve('compliancePolicy', missing)
    l_0_clusterId = resolve('clusterId', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_network = resolve('network', missing)
    l_0_workloadName = resolve('workloadName', missing)
    l_0_owner = resolve('owner', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_meshId = resolve('meshId', missing)
    l_0_trustDomain = resolve('trustDomain', missing)
    l_0_datadog = resolve('datadog', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    if (undefined(name='inboundLocalhost') if l_0_inboundLocalhost is missing else l_0_inboundLocalhost):
        pass
        yield '- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n'
    yield '- name: PILOT_CERT_PROVIDER\n  value: '
    yield (filled((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider)))
    yield '\n- name: CA_ADDR\n  value: '
    yield (filled((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress)))
    yield '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "0"}}\n- name: PROXY_CONFIG\n  value: '
    yield (filled((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig)))
    yield '\n- name: ISTIO_META_POD_PORTS\n  value: '
    yield (filled((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts)))
    yield '\n- name: ISTIO_META_APP_CONTAINERS\n  value: '
    yield (filled((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers)))
    yield '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "0"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "0"}}\n'
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        yield '- name: COMPLIANCE_POLICY\n  value: '
        yield (filled((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy)))
        yield '\n'
    yield '- name: ISTIO_META_CLUSTER_ID\n  value: '
    yield (filled((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId)))
    yield '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n'
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        yield '- name: ISTIO_META_NETWORK\n  value: '
        yield (filled((undefined(name='network') if l_0_network is missing else l_0_network)))
        yield '\n'
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        yield '- name: ISTIO_META_WORKLOAD_NAME\n  value: '
        yield (filled((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName)))
        yield '\n'
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        yield '- name: ISTIO_META_OWNER\n  value: '
        yield (filled((undefined(name='owner') if l_0_owner is missing else l_0_owner)))
        yield '\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n'
    yield '- name: ISTIO_META_MESH_ID\n  value: '
    yield (filled((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId)))
    yield '\n- name: TRUST_DOMAIN\n  value: '
    yield (filled((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain)))
    yield '\n'
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing


def template_1_24_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_redirection = resolve('redirection', missing)
    l_0_initImage = resolve('initImage', missing)
    l_0_imagePullPolicy = resolve('imagePullPolicy', missing)
    l_0_outboundPort = resolve('outboundPort', missing)
    l_0_inboundPort = resolve('inboundPort', missing)
    l_0_proxyUserText = resolve('proxyUserText', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_includeOutboundIPRanges = resolve('includeOutboundIPRanges', missing)
    l_0_excludeOutboundIPRanges = resolve('excludeOutboundIPRanges', missing)
    l_0_includeInboundPorts = resolve('includeInboundPorts', missing)
    l_0_unredirectedPorts = resolve('unredirectedPorts', missing)
    l_0_includeOutboundPorts = resolve('includeOutboundPorts', missing)
    l_0_excludeOutboundPorts = resolve('excludeOutboundPorts', missing)
    l_0_virtualInterfaces = resolve('virtualInterfaces', missing)
    l_0_excludeInterfaces = resolve('excludeInterfaces', missing)
    l_0_agentLogArgument = resolve('agentLogArgument', missing)
    l_0_logAsJson = resolve('logAsJson', missing)
    l_0_cni = resolve('cni', missing)
    l_0_forceApplyIptables = resolve('forceApplyIptables', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    l_0_resources = resolve('resources', missing)
    l_0_privileged = resolve('privileged', missing)
    l_0_proxyUser = resolve('proxyUser', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'name: '
    yield (filled((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection)))
    yield '\nimage: '
    yield (filled((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage)))
    yield '\n'
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        yield 'imagePullPolicy: '
        yield (filled((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy)))
        yield '\n'
    yield 'args:\n  - istio-iptables\n  - -p\n  - '
    yield (filled((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort)))
    yield '\n  - -z\n  - '
    yield (filled((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort)))
    yield '\n  - -u\n  - '
    yield (filled((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText)))
    yield '\n  - -m\n  - '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n  - -i\n  - '
    yield (filled((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges)))
    yield '\n  - -x\n  - '
    yield (filled((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges)))
    yield '\n  - -b\n  - '
    yield (filled((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts)))
    yield '\n  - -d\n  - '
    yield (filled((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts)))
    yield '\n'
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        yield '  - -q\n  - '
        yield (filled((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts)))
        yield '\n'
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        yield '  - -o\n  - '
        yield (filled((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts)))
        yield '\n'
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        yield '  - -k\n  - '
        yield (filled(l_1_interfaces))
        yield '\n'
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        yield '  - -c\n  - '
        yield (filled((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces)))
        yield '\n'
    yield '  - '
    yield (filled((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument)))
    yield '\n'
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        yield '  - --log_as_json\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  - --run-validation\n  - --skip-rule-apply\n'
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        yield '  - --force-apply\n'
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        yield 'env: '
        yield (filled((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata)))
        yield '\n'
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        yield 'resources: '
        yield (filled((undefined(name='resources') if l_0_resources is missing else l_0_resources)))
        yield '\n'
    yield 'securityContext:\n  allowPrivilegeEscalation: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  privileged: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  capabilities:\n'
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        yield '    add: [NET_ADMIN, NET_RAW]\n'
    yield '    drop: [ALL]\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  readOnlyRootFilesystem: true\n  runAsGroup: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsUser: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsNonRoot: true\n'
    else:
        pass
        yield '  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n'


def template_1_24_inject_metadata(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_tlsMode = resolve('tlsMode', missing)
    l_0_hbone = resolve('hbone', missing)
    l_0_tunnel = resolve('tunnel', missing)
    l_0_canonicalName = resolve('canonicalName', missing)
    l_0_canonicalRevision = resolve('canonicalRevision', missing)
    l_0_revision = resolve('revision', missing)
    l_0_firstContainer = resolve('firstContainer', missing)
    l_0_hasDefaultLogsContainer = resolve('hasDefaultLogsContainer', missing)
    l_0_hasDefaultContainer = resolve('hasDefaultContainer', missing)
    l_0_cni = resolve('cni', missing)
    l_0_multusNetworks = resolve('multusNetworks', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_includeOutboundIPRanges = resolve('includeOutboundIPRanges', missing)
    l_0_excludeOutboundIPRanges = resolve('excludeOutboundIPRanges', missing)
    l_0_includeInboundPorts = resolve('includeInboundPorts', missing)
    l_0_excludeInboundPorts = resolve('excludeInboundPorts', missing)
    l_0_includeOutboundPorts = resolve('includeOutboundPorts', missing)
    l_0_excludeOutboundPorts = resolve('excludeOutboundPorts', missing)
    l_0_kubevirtInterfaces = resolve('kubevirtInterfaces', missing)
    l_0_excludeInterfaces = resolve('excludeInterfaces', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'labels:\n  security.istio.io/tlsMode: '
    yield (filled((undefined(name='tlsMode') if l_0_tlsMode is missing else l_0_tlsMode)))
    yield '\n'
    if (undefined(name='hbone') if l_0_hbone is missing else l_0_hbone):
        pass
        yield '  networking.istio.io/tunnel: '
        yield (filled((undefined(name='tunnel') if l_0_tunnel is missing else l_0_tunnel)))
        yield '\n'
    yield '  service.istio.io/canonical-name: '
    yield (filled((undefined(name='canonicalName') if l_0_canonicalName is missing else l_0_canonicalName)))
    yield '\n  service.istio.io/canonical-revision: '
    yield (filled((undefined(name='canonicalRevision') if l_0_canonicalRevision is missing else l_0_canonicalRevision)))
    yield '\nannotations:\n  istio.io/rev: '
    yield (filled((undefined(name='revision') if l_0_revision is missing else l_0_revision)))
    yield '\n'
    if (undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer):
        pass
        if (not (undefined(name='hasDefaultLogsContainer') if l_0_hasDefaultLogsContainer is missing else l_0_hasDefaultLogsContainer)):
            pass
            yield '  kubectl.kubernetes.io/default-logs-container: '
            yield (filled((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer)))
            yield '\n'
        if (not (undefined(name='hasDefaultContainer') if l_0_hasDefaultContainer is missing else l_0_hasDefaultContainer)):
            pass
            yield '  kubectl.kubernetes.io/default-container: '
            yield (filled((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer)))
            yield '\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        if (undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks):
            pass
            yield '  k8s.v1.cni.cncf.io/networks: '
            yield (filled((undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks)))
            yield '\n'
        yield '  sidecar.istio.io/interceptionMode: '
        yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
        yield '\n'
        if (undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges):
            pass
            yield '  traffic.sidecar.istio.io/includeOutboundIPRanges: '
            yield (filled((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges)))
            yield '\n'
        if (undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges):
            pass
            yield '  traffic.sidecar.istio.io/excludeOutboundIPRanges: '
            yield (filled((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges)))
            yield '\n'
        if (undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts):
            pass
            yield '  traffic.sidecar.istio.io/includeInboundPorts: '
            yield (filled((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts)))
            yield '\n'
        yield '  traffic.sidecar.istio.io/excludeInboundPorts: '
        yield (filled((undefined(name='excludeInboundPorts') if l_0_excludeInboundPorts is missing else l_0_excludeInboundPorts)))
        yield '\n'
        if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
            pass
            yield '  traffic.sidecar.istio.io/includeOutboundPorts: '
            yield (filled((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts)))
            yield '\n'
        if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
            pass
            yield '  traffic.sidecar.istio.io/excludeOutboundPorts: '
            yield (filled((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts)))
            yield '\n'
        if (undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces):
            pass
            yield '  traffic.sidecar.istio.io/kubevirtInterfaces: '
            yield (filled((undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces)))
            yield '\n'
        if (undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces):
            pass
            yield '  traffic.sidecar.istio.io/excludeInterfaces: '
            yield (filled((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces)))
            yield '\n'


def template_1_24_inject_mounts(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    l_0_userMounts = resolve('userMounts', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- mountPath: /var/run/secrets/workload-spiffe-uds\n  name: workload-socket\n- mountPath: /var/run/secrets/credential-uds\n  name: credential-socket\n- mountPath: /var/run/secrets/workload-spiffe-credentials\n  name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  readOnly: true\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- mountPath: /var/run/secrets/istio\n  name: istiod-ca-cert\n'
    yield '- mountPath: /var/lib/istio/data\n  name: istio-data\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- mountPath: /etc/istio/custom-bootstrap\n  name: custom-bootstrap-volume\n'
    yield '- mountPath: /etc/istio/proxy\n  name: istio-envoy\n- mountPath: /var/run/secrets/tokens\n  name: istio-token\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- mountPath: /etc/certs/\n  name: istio-certs\n  readOnly: true\n'
    yield '- mountPath: /etc/istio/pod\n  name: istio-podinfo\n'
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- mountPath: '
        yield (filled((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory)))
        yield '\n  name: lightstep-certs\n  readOnly: true\n'
    for l_1_mount in (undefined(name='userMounts') if l_0_userMounts is missing else l_0_userMounts):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_mount))
        yield '\n'
    l_1_mount = missing


def template_1_24_inject_proxy(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_proxyImage = resolve('proxyImage', missing)
    l_0_imagePullPolicy = resolve('imagePullPolicy', missing)
    l_0_native = resolve('native', missing)
    l_0_domain = resolve('domain', missing)
    l_0_proxyLogArgument = resolve('proxyLogArgument', missing)
    l_0_proxyComponentLogArgument = resolve('proxyComponentLogArgument', missing)
    l_0_agentLogArgument = resolve('agentLogArgument', missing)
    l_0_stsArgument = resolve('stsArgument', missing)
    l_0_logAsJson = resolve('logAsJson', missing)
    l_0_outlierLogArgument = resolve('outlierLogArgument', missing)
    l_0_lifecycle = resolve('lifecycle', missing)
    l_0_holdApplication = resolve('holdApplication', missing)
    l_0_debugPortArgument = resolve('debugPortArgument', missing)
    l_0_probed = resolve('probed', missing)
    l_0_startupFailureThreshold = resolve('startupFailureThreshold', missing)
    l_0_readinessInitialDelaySeconds = resolve('readinessInitialDelaySeconds', missing)
    l_0_readinessPeriodSeconds = resolve('readinessPeriodSeconds', missing)
    l_0_readinessFailureThreshold = resolve('readinessFailureThreshold', missing)
    l_0_traceIptables = resolve('traceIptables', missing)
    l_0_privileged = resolve('privileged', missing)
    l_0_addedCapabilities = resolve('addedCapabilities', missing)
    l_0_proxyUser = resolve('proxyUser', missing)
    l_0_resources = resolve('resources', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'name: istio-proxy\nimage: '
    yield (filled((undefined(name='proxyImage') if l_0_proxyImage is missing else l_0_proxyImage)))
    yield '\n'
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        yield 'imagePullPolicy: '
        yield (filled((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy)))
        yield '\n'
    if (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        yield 'restartPolicy: Always\n'
    yield 'ports:\n  - containerPort: 15090\n    protocol: TCP\n    name: http-envoy-prom\nargs:\n  - proxy\n  - sidecar\n  - --domain\n  - '
    yield (filled((undefined(name='domain') if l_0_domain is missing else l_0_domain)))
    yield '\n  - '
    yield (filled((undefined(name='proxyLogArgument') if l_0_proxyLogArgument is missing else l_0_proxyLogArgument)))
    yield '\n  - '
    yield (filled((undefined(name='proxyComponentLogArgument') if l_0_proxyComponentLogArgument is missing else l_0_proxyComponentLogArgument)))
    yield '\n  - '
    yield (filled((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument)))
    yield '\n'
    if (undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument):
        pass
        yield '  - '
        yield (filled((undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument)))
        yield '\n'
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        yield '  - --log_as_json\n'
    if (undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument):
        pass
        yield '  - '
        yield (filled((undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument)))
        yield '\n'
    if (undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle):
        pass
        yield 'lifecycle: '
        yield (filled((undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle)))
        yield '\n'
    elif (undefined(name='holdApplication') if l_0_holdApplication is missing else l_0_holdApplication):
        pass
        yield 'lifecycle:\n  postStart:\n    exec:\n      command: [pilot-agent, wait]\n'
    elif (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        yield 'lifecycle:\n  preStop:\n    exec:\n      command:\n        - pilot-agent\n        - request\n        - '
        yield (filled((undefined(name='debugPortArgument') if l_0_debugPortArgument is missing else l_0_debugPortArgument)))
        yield '\n        - POST\n        - drain\n'
    if (undefined(name='probed') if l_0_probed is missing else l_0_probed):
        pass
        if (not t_1((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))):
            pass
            yield 'startupProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: 0\n  periodSeconds: 1\n  timeoutSeconds: 3\n  failureThreshold: '
            yield (filled((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold)))
            yield '\n'
        yield 'readinessProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: '
        yield (filled((undefined(name='readinessInitialDelaySeconds') if l_0_readinessInitialDelaySeconds is missing else l_0_readinessInitialDelaySeconds)))
        yield '\n  periodSeconds: '
        yield (filled((undefined(name='readinessPeriodSeconds') if l_0_readinessPeriodSeconds is missing else l_0_readinessPeriodSeconds)))
        yield '\n  timeoutSeconds: 3\n  failureThreshold: '
        yield (filled((undefined(name='readinessFailureThreshold') if l_0_readinessFailureThreshold is missing else l_0_readinessFailureThreshold)))
        yield '\n'
    yield 'securityContext:\n'
    if (undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables):
        pass
        yield '  allowPrivilegeEscalation: true\n  capabilities:\n    add: [NET_ADMIN]\n    drop: [ALL]\n  privileged: true\n'
    else:
        pass
        yield '  allowPrivilegeEscalation: '
        yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
        yield '\n  capabilities:\n'
        if (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities):
            pass
            yield '    add: '
            yield (filled((undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)))
            yield '\n'
        yield '    drop: [ALL]\n  privileged: '
        yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
        yield '\n'
    yield '  readOnlyRootFilesystem: true\n  runAsGroup: '
    yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
    yield '\n'
    if ((undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables) or (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)):
        pass
        yield '  runAsNonRoot: false\n  runAsUser: 0\n'
    else:
        pass
        yield '  runAsNonRoot: true\n  runAsUser: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n'
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        yield 'resources: '
        yield (filled((undefined(name='resources') if l_0_resources is missing else l_0_resources)))
        yield '\n'


def template_1_24_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_tokenAudience = resolve('tokenAudience', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_mtlsSecret = resolve('mtlsSecret', missing)
    l_0_userVolumes = resolve('userVolumes', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- name: workload-socket\n- name: credential-socket\n- name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  csi: {driver: workloadcertificates.security.cloud.google.com}\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: custom-bootstrap-volume\n  configMap:\n    name: '
        yield (filled((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride)))
        yield '\n'
    yield '- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: '
    yield (filled((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience)))
    yield '\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- name: istiod-ca-cert\n  configMap:\n    name: istio-ca-root-cert\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- name: istio-certs\n  secret:\n    optional: true\n    secretName: '
        yield (filled((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret)))
        yield '\n'
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_volume))
        yield '\n'
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n'


def template_1_24_job(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_pod = resolve('pod', missing)
    pass
    yield 'apiVersion: batch/v1\nkind: Job\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  template: '
    yield (filled((undefined(name='pod') if l_0_pod is missing else l_0_pod)))


def template_1_24_kubernetes_gateway(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_class = resolve('class', missing)
    l_0_listeners = resolve('listeners', missing)
    pass
    yield 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  gatewayClassName: '
    yield (filled((undefined(name='class') if l_0_class is missing else l_0_class)))
    yield '\n  listeners: '
    yield (filled((undefined(name='listeners') if l_0_listeners is missing else l_0_listeners)))


def template_1_24_namespace(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    pass
    yield 'apiVersion: v1\nkind: Namespace\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))


def template_1_24_peerauthentication(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_mode = resolve('mode', missing)
    pass
    yield 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  selector:\n    matchLabels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
    yield '\n  mtls:\n    mode: '
    yield (filled((undefined(name='mode') if l_0_mode is missing else l_0_mode)))


def template_1_24_pod(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_labels = resolve('labels', missing)
    l_0_annotations = resolve('annotations', missing)
    l_0_serviceAccountName = resolve('serviceAccountName', missing)
    l_0_settings = resolve('settings', missing)
    l_0_initContainers = resolve('initContainers', missing)
    l_0_container = resolve('container', missing)
    l_0_containers = resolve('containers', missing)
    l_0_volumes = resolve('volumes', missing)
    pass
    yield 'metadata:\n  labels: '
    yield (filled((undefined(name='labels') if l_0_labels is missing else l_0_labels)))
    yield '\n'
    if (undefined(name='annotations') if l_0_annotations is missing else l_0_annotations):
        pass
        yield '  annotations: '
        yield (filled((undefined(name='annotations') if l_0_annotations is missing else l_0_annotations)))
        yield '\n'
    yield 'spec:\n'
    if (undefined(name='serviceAccountName') if l_0_serviceAccountName is missing else l_0_serviceAccountName):
        pass
        yield '  serviceAccountName: '
        yield (filled((undefined(name='serviceAccountName') if l_0_serviceAccountName is missing else l_0_serviceAccountName)))
        yield '\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    if (undefined(name='initContainers') if l_0_initContainers is missing else l_0_initContainers):
        pass
        yield '  initContainers: '
        yield (filled((undefined(name='initContainers') if l_0_initContainers is missing else l_0_initContainers)))
        yield '\n'
    yield '  containers:\n  - name: '
    yield (filled(environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'name')))
    yield '\n    image: '
    yield (filled(environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'image')))
    yield '\n'
    for (l_1_key, l_1_value) in environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'settings'):
        _loop_vars = {}
        pass
        yield '    '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    for l_1_other in (undefined(name='containers') if l_0_containers is missing else l_0_containers):
        _loop_vars = {}
        pass
        yield '  - '
        yield (filled(l_1_other))
        yield '\n'
    l_1_other = missing
    if (undefined(name='volumes') if l_0_volumes is missing else l_0_volumes):
        pass
        yield '  volumes: '
        yield (filled((undefined(name='volumes') if l_0_volumes is missing else l_0_volumes)))
        yield '\n'


def template_1_24_poddisruptionbudget(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    pass
    yield 'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  selector:\n    matchLabels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))


def template_1_24_service(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_ports = resolve('ports', missing)
    try:
        t_1 = environment.tests['defined']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'defined' found.")
    pass
    yield 'apiVersion: v1\nkind: Service\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    if (undefined(name='selector') if l_0_selector is missing else l_0_selector):
        pass
        yield '  selector: '
        yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
        yield '\n'
    if (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        pass
        yield '  ports:\n'
    for l_1_port in (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        _loop_vars = {}
        pass
        yield '  - name: '
        yield (filled(environment.getattr(l_1_port, 'name')))
        yield '\n    port: '
        yield (filled(environment.getattr(l_1_port, 'port')))
        yield '\n    targetPort: '
        yield (filled(environment.getattr(l_1_port, 'targetPort')))
        yield '\n'
        if t_1(environment.getattr(l_1_port, 'nodePort')):
            pass
            yield '    nodePort: '
            yield (filled(environment.getattr(l_1_port, 'nodePort')))
            yield '\n'
        if t_1(environment.getattr(l_1_port, 'protocol')):
            pass
            yield '    protocol: '
            yield (filled(environment.getattr(l_1_port, 'protocol')))
            yield '\n'
        if t_1(environment.getattr(l_1_port, 'appProtocol')):
            pass
            yield '    appProtocol: '
            yield (filled(environment.getattr(l_1_port, 'appProtocol')))
            yield '\n'
    l_1_port = missing


def template_1_24_serviceaccount(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    pass
    yield 'apiVersion: v1\nkind: ServiceAccount\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))


def template_1_24_serviceentry(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_hosts = resolve('hosts', missing)
    l_0_addresses = resolve('addresses', missing)
    l_0_location = resolve('location', missing)
    l_0_resolution = resolve('resolution', missing)
    l_0_ports = resolve('ports', missing)
    l_0_endpoints = resolve('endpoints', missing)
    l_0_workloadSelector = resolve('workloadSelector', missing)
    l_0_subjectAltNames = resolve('subjectAltNames', missing)
    l_0_exportTo = resolve('exportTo', missing)
    try:
        t_1 = environment.tests['defined']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'defined' found.")
    pass
    yield 'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  hosts: '
    yield (filled((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts)))
    yield '\n'
    if (undefined(name='addresses') if l_0_addresses is missing else l_0_addresses):
        pass
        yield '  addresses: '
        yield (filled((undefined(name='addresses') if l_0_addresses is missing else l_0_addresses)))
        yield '\n'
    yield '  location: '
    yield (filled((undefined(name='location') if l_0_location is missing else l_0_location)))
    yield '\n  resolution: '
    yield (filled((undefined(name='resolution') if l_0_resolution is missing else l_0_resolution)))
    yield '\n  ports:\n'
    for l_1_port in (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        _loop_vars = {}
        pass
        yield '  - number: '
        yield (filled(environment.getattr(l_1_port, 'number')))
        yield '\n    name: '
        yield (filled(environment.getattr(l_1_port, 'name')))
        yield '\n    protocol: '
        yield (filled(environment.getattr(l_1_port, 'protocol')))
        yield '\n'
        if t_1(environment.getattr(l_1_port, 'targetPort')):
            pass
            yield '    targetPort: '
            yield (filled(environment.getattr(l_1_port, 'targetPort')))
            yield '\n'
    l_1_port = missing
    if (undefined(name='endpoints') if l_0_endpoints is missing else l_0_endpoints):
        pass
        yield '  endpoints: '
        yield (filled((undefined(name='endpoints') if l_0_endpoints is missing else l_0_endpoints)))
        yield '\n'
    if (undefined(name='workloadSelector') if l_0_workloadSelector is missing else l_0_workloadSelector):
        pass
        yield '  workloadSelector: '
        yield (filled((undefined(name='workloadSelector') if l_0_workloadSelector is missing else l_0_workloadSelector)))
        yield '\n'
    if (undefined(name='subjectAltNames') if l_0_subjectAltNames is missing else l_0_subjectAltNames):
        pass
        yield '  subjectAltNames: '
        yield (filled((undefined(name='subjectAltNames') if l_0_subjectAltNames is missing else l_0_subjectAltNames)))
        yield '\n'
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        yield '  exportTo: '
        yield (filled((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo)))
        yield '\n'


def template_1_24_sidecar(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_hosts = resolve('hosts', missing)
    pass
    yield 'apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  workloadSelector:\n    labels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
    yield '\n  egress:\n  - hosts: '
    yield (filled((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts)))


def template_1_24_statefulset(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_serviceName = resolve('serviceName', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    yield 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  serviceName: '
    yield (filled((undefined(name='serviceName') if l_0_serviceName is missing else l_0_serviceName)))
    yield '\n'
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        yield '  '
        yield (filled(l_1_key))
        yield ': '
        yield (filled(l_1_value))
        yield '\n'
    l_1_key = l_1_value = missing
    yield '  selector:\n    matchLabels: '
    yield (filled((undefined(name='selector') if l_0_selector is missing else l_0_selector)))
    yield '\n  template: '
    yield (filled((undefined(name='pod') if l_0_pod is missing else l_0_pod)))


def template_1_24_tcproute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_apiVersion = resolve('apiVersion', missing)
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_backendRefs = resolve('backendRefs', missing)
    pass
    yield 'apiVersion: '
    yield (filled((undefined(name='apiVersion') if l_0_apiVersion is missing else l_0_apiVersion)))
    yield '\nkind: TCPRoute\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  parentRefs: '
    yield (filled((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs)))
    yield '\n  rules:\n  - backendRefs: '
    yield (filled((undefined(name='backendRefs') if l_0_backendRefs is missing else l_0_backendRefs)))


def template_1_24_tlsroute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_apiVersion = resolve('apiVersion', missing)
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_backendRefs = resolve('backendRefs', missing)
    pass
    yield 'apiVersion: '
    yield (filled((undefined(name='apiVersion') if l_0_apiVersion is missing else l_0_apiVersion)))
    yield '\nkind: TLSRoute\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  parentRefs: '
    yield (filled((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs)))
    yield '\n'
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        yield '  hostnames: '
        yield (filled((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames)))
        yield '\n'
    yield '  rules:\n  - backendRefs: '
    yield (filled((undefined(name='backendRefs') if l_0_backendRefs is missing else l_0_backendRefs)))


def template_1_24_virtualservice(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_hosts = resolve('hosts', missing)
    l_0_gateways = resolve('gateways', missing)
    l_0_exportTo = resolve('exportTo', missing)
    l_0_http = resolve('http', missing)
    l_0_tls = resolve('tls', missing)
    l_0_tcp = resolve('tcp', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  hosts: '
    yield (filled((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts)))
    yield '\n'
    if (undefined(name='gateways') if l_0_gateways is missing else l_0_gateways):
        pass
        yield '  gateways: '
        yield (filled((undefined(name='gateways') if l_0_gateways is missing else l_0_gateways)))
        yield '\n'
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        yield '  exportTo: '
        yield (filled((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo)))
        yield '\n'
    if (undefined(name='http') if l_0_http is missing else l_0_http):
        pass
        yield '  http:\n'
        for l_1_rule in (undefined(name='http') if l_0_http is missing else l_0_http):
            _loop_vars = {}
            pass
            yield '  - name: '
            yield (filled(environment.getattr(l_1_rule, 'name')))
            yield '\n'
            if environment.getattr(l_1_rule, 'match'):
                pass
                yield '    match: '
                yield (filled(environment.getattr(l_1_rule, 'match')))
                yield '\n'
            for (l_2_key, l_2_value) in environment.getattr(l_1_rule, 'settings'):
                _loop_vars = {}
                pass
                yield '    '
                yield (filled(l_2_key))
                yield ': '
                yield (filled(l_2_value))
                yield '\n'
            l_2_key = l_2_value = missing
            if environment.getattr(l_1_rule, 'destinations'):
                pass
                yield '    route:\n'
                for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                    _loop_vars = {}
                    pass
                    yield '    - destination: '
                    yield (filled(environment.getattr(l_2_part, 'destination')))
                    yield '\n'
                    if (not t_1(environment.getattr(l_2_part, 'weight'))):
                        pass
                        yield '      weight: '
                        yield (filled(environment.getattr(l_2_part, 'weight')))
                        yield '\n'
                    if environment.getattr(l_2_part, 'headers'):
                        pass
                        yield '      headers: '
                        yield (filled(environment.getattr(l_2_part, 'headers')))
                        yield '\n'
                l_2_part = missing
        l_1_rule = missing
    if (undefined(name='tls') if l_0_tls is missing else l_0_tls):
        pass
        yield '  tls:\n'
        for l_1_rule in (undefined(name='tls') if l_0_tls is missing else l_0_tls):
            _loop_vars = {}
            pass
            yield '  - match: '
            yield (filled(environment.getattr(l_1_rule, 'match')))
            yield '\n    route:\n'
            for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                _loop_vars = {}
                pass
                yield '    - destination: '
                yield (filled(environment.getattr(l_2_part, 'destination')))
                yield '\n'
                if (not t_1(environment.getattr(l_2_part, 'weight'))):
                    pass
                    yield '      weight: '
                    yield (filled(environment.getattr(l_2_part, 'weight')))
                    yield '\n'
            l_2_part = missing
        l_1_rule = missing
    if (undefined(name='tcp') if l_0_tcp is missing else l_0_tcp):
        pass
        yield '  tcp:\n'
        for l_1_rule in (undefined(name='tcp') if l_0_tcp is missing else l_0_tcp):
            _loop_vars = {}
            pass
            yield '  -\n'
            if environment.getattr(l_1_rule, 'match'):
                pass
                yield '    match: '
                yield (filled(environment.getattr(l_1_rule, 'match')))
                yield '\n'
            yield '    route:\n'
            for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                _loop_vars = {}
                pass
                yield '    - destination: '
                yield (filled(environment.getattr(l_2_part, 'destination')))
                yield '\n'
                if (not t_1(environment.getattr(l_2_part, 'weight'))):
                    pass
                    yield '      weight: '
                    yield (filled(environment.getattr(l_2_part, 'weight')))
                    yield '\n'
            l_2_part = missing
        l_1_rule = missing


def template_1_24_waypoint(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_metadata = resolve('metadata', missing)
    l_0_gatewayClassName = resolve('gatewayClassName', missing)
    l_0_listeners = resolve('listeners', missing)
    pass
    yield 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: '
    yield (filled((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata)))
    yield '\nspec:\n  gatewayClassName: '
    yield (filled((undefined(name='gatewayClassName') if l_0_gatewayClassName is missing else l_0_gatewayClassName)))
    yield '\n  listeners: '
    yield (filled((undefined(name='listeners') if l_0_listeners is missing else l_0_listeners)))


def template_1_25_inject_metadata(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_tlsMode = resolve('tlsMode', missing)
    l_0_hbone = resolve('hbone', missing)
    l_0_tunnel = resolve('tunnel', missing)
    l_0_canonicalName = resolve('canonicalName', missing)
    l_0_canonicalRevision = resolve('canonicalRevision', missing)
    l_0_revision = resolve('revision', missing)
    l_0_firstContainer = resolve('firstContainer', missing)
    l_0_hasDefaultLogsContainer = resolve('hasDefaultLogsContainer', missing)
    l_0_hasDefaultContainer = resolve('hasDefaultContainer', missing)
    l_0_cni = resolve('cni', missing)
    l_0_multusNetworks = resolve('multusNetworks', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_includeOutboundIPRanges = resolve('includeOutboundIPRanges', missing)
    l_0_excludeOutboundIPRanges = resolve('excludeOutboundIPRanges', missing)
    l_0_includeInboundPorts = resolve('includeInboundPorts', missing)
    l_0_excludeInboundPorts = resolve('excludeInboundPorts', missing)
    l_0_includeOutboundPorts = resolve('includeOutboundPorts', missing)
    l_0_excludeOutboundPorts = resolve('excludeOutboundPorts', missing)
    l_0_kubevirtInterfaces = resolve('kubevirtInterfaces', missing)
    l_0_rerouteInterfaces = resolve('rerouteInterfaces', missing)
    l_0_excludeInterfaces = resolve('excludeInterfaces', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'labels:\n  security.istio.io/tlsMode: '
    yield (filled((undefined(name='tlsMode') if l_0_tlsMode is missing else l_0_tlsMode)))
    yield '\n'
    if (undefined(name='hbone') if l_0_hbone is missing else l_0_hbone):
        pass
        yield '  networking.istio.io/tunnel: '
        yield (filled((undefined(name='tunnel') if l_0_tunnel is missing else l_0_tunnel)))
        yield '\n'
    yield '  service.istio.io/canonical-name: '
    yield (filled((undefined(name='canonicalName') if l_0_canonicalName is missing else l_0_canonicalName)))
    yield '\n  service.istio.io/canonical-revision: '
    yield (filled((undefined(name='canonicalRevision') if l_0_canonicalRevision is missing else l_0_canonicalRevision)))
    yield '\nannotations:\n  istio.io/rev: '
    yield (filled((undefined(name='revision') if l_0_revision is missing else l_0_revision)))
    yield '\n'
    if (undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer):
        pass
        if (not (undefined(name='hasDefaultLogsContainer') if l_0_hasDefaultLogsContainer is missing else l_0_hasDefaultLogsContainer)):
            pass
            yield '  kubectl.kubernetes.io/default-logs-container: '
            yield (filled((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer)))
            yield '\n'
        if (not (undefined(name='hasDefaultContainer') if l_0_hasDefaultContainer is missing else l_0_hasDefaultContainer)):
            pass
            yield '  kubectl.kubernetes.io/default-container: '
            yield (filled((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer)))
            yield '\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        if (undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks):
            pass
            yield '  k8s.v1.cni.cncf.io/networks: '
            yield (filled((undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks)))
            yield '\n'
        yield '  sidecar.istio.io/interceptionMode: '
        yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
        yield '\n'
        if (undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges):
            pass
            yield '  traffic.sidecar.istio.io/includeOutboundIPRanges: '
            yield (filled((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges)))
            yield '\n'
        if (undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges):
            pass
            yield '  traffic.sidecar.istio.io/excludeOutboundIPRanges: '
            yield (filled((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges)))
            yield '\n'
        yield '  traffic.sidecar.istio.io/includeInboundPorts: '
        yield (filled((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts)))
        yield '\n  traffic.sidecar.istio.io/excludeInboundPorts: '
        yield (filled((undefined(name='excludeInboundPorts') if l_0_excludeInboundPorts is missing else l_0_excludeInboundPorts)))
        yield '\n'
        if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
            pass
            yield '  traffic.sidecar.istio.io/includeOutboundPorts: '
            yield (filled((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts)))
            yield '\n'
        if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
            pass
            yield '  traffic.sidecar.istio.io/excludeOutboundPorts: '
            yield (filled((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts)))
            yield '\n'
        if (undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces):
            pass
            yield '  traffic.sidecar.istio.io/kubevirtInterfaces: '
            yield (filled((undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces)))
            yield '\n'
        if (undefined(name='rerouteInterfaces') if l_0_rerouteInterfaces is missing else l_0_rerouteInterfaces):
            pass
            yield '  istio.io/reroute-virtual-interfaces: '
            yield (filled((undefined(name='rerouteInterfaces') if l_0_rerouteInterfaces is missing else l_0_rerouteInterfaces)))
            yield '\n'
        if (undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces):
            pass
            yield '  traffic.sidecar.istio.io/excludeInterfaces: '
            yield (filled((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces)))
            yield '\n'


def template_1_26_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_tokenAudience = resolve('tokenAudience', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_clusterTrustBundle = resolve('clusterTrustBundle', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_mtlsSecret = resolve('mtlsSecret', missing)
    l_0_userVolumes = resolve('userVolumes', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- name: workload-socket\n- name: credential-socket\n- name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  csi: {driver: workloadcertificates.security.cloud.google.com}\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: custom-bootstrap-volume\n  configMap:\n    name: '
        yield (filled((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride)))
        yield '\n'
    yield '- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: '
    yield (filled((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience)))
    yield '\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- name: istiod-ca-cert\n'
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            yield '  projected:\n    sources:\n      - clusterTrustBundle:\n          name: istio.io:istiod-ca:root-cert\n          path: root-cert.pem\n'
        else:
            pass
            yield '  configMap:\n    name: istio-ca-root-cert\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- name: istio-certs\n  secret:\n    optional: true\n    secretName: '
        yield (filled((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret)))
        yield '\n'
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_volume))
        yield '\n'
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n'


def template_1_27_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_redirection = resolve('redirection', missing)
    l_0_initImage = resolve('initImage', missing)
    l_0_imagePullPolicy = resolve('imagePullPolicy', missing)
    l_0_outboundPort = resolve('outboundPort', missing)
    l_0_inboundPort = resolve('inboundPort', missing)
    l_0_proxyUserText = resolve('proxyUserText', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_includeOutboundIPRanges = resolve('includeOutboundIPRanges', missing)
    l_0_excludeOutboundIPRanges = resolve('excludeOutboundIPRanges', missing)
    l_0_includeInboundPorts = resolve('includeInboundPorts', missing)
    l_0_unredirectedPorts = resolve('unredirectedPorts', missing)
    l_0_includeOutboundPorts = resolve('includeOutboundPorts', missing)
    l_0_excludeOutboundPorts = resolve('excludeOutboundPorts', missing)
    l_0_virtualInterfaces = resolve('virtualInterfaces', missing)
    l_0_excludeInterfaces = resolve('excludeInterfaces', missing)
    l_0_agentLogArgument = resolve('agentLogArgument', missing)
    l_0_logAsJson = resolve('logAsJson', missing)
    l_0_cni = resolve('cni', missing)
    l_0_forceApplyIptables = resolve('forceApplyIptables', missing)
    l_0_nativeNftables = resolve('nativeNftables', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    l_0_resources = resolve('resources', missing)
    l_0_privileged = resolve('privileged', missing)
    l_0_proxyUser = resolve('proxyUser', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'name: '
    yield (filled((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection)))
    yield '\nimage: '
    yield (filled((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage)))
    yield '\n'
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        yield 'imagePullPolicy: '
        yield (filled((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy)))
        yield '\n'
    yield 'args:\n  - istio-iptables\n  - -p\n  - '
    yield (filled((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort)))
    yield '\n  - -z\n  - '
    yield (filled((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort)))
    yield '\n  - -u\n  - '
    yield (filled((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText)))
    yield '\n  - -m\n  - '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n  - -i\n  - '
    yield (filled((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges)))
    yield '\n  - -x\n  - '
    yield (filled((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges)))
    yield '\n  - -b\n  - '
    yield (filled((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts)))
    yield '\n  - -d\n  - '
    yield (filled((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts)))
    yield '\n'
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        yield '  - -q\n  - '
        yield (filled((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts)))
        yield '\n'
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        yield '  - -o\n  - '
        yield (filled((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts)))
        yield '\n'
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        yield '  - -k\n  - '
        yield (filled(l_1_interfaces))
        yield '\n'
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        yield '  - -c\n  - '
        yield (filled((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces)))
        yield '\n'
    yield '  - '
    yield (filled((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument)))
    yield '\n'
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        yield '  - --log_as_json\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  - --run-validation\n  - --skip-rule-apply\n'
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        yield '  - --force-apply\n'
    if (undefined(name='nativeNftables') if l_0_nativeNftables is missing else l_0_nativeNftables):
        pass
        yield '  - --native-nftables\n'
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        yield 'env: '
        yield (filled((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata)))
        yield '\n'
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        yield 'resources: '
        yield (filled((undefined(name='resources') if l_0_resources is missing else l_0_resources)))
        yield '\n'
    yield 'securityContext:\n  allowPrivilegeEscalation: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  privileged: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  capabilities:\n'
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        yield '    add: [NET_ADMIN, NET_RAW]\n'
    yield '    drop: [ALL]\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  readOnlyRootFilesystem: true\n  runAsGroup: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsUser: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsNonRoot: true\n'
    else:
        pass
        yield '  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n'


def template_1_27_inject_mounts(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    l_0_userMounts = resolve('userMounts', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- mountPath: /var/run/secrets/workload-spiffe-uds\n  name: workload-socket\n- mountPath: /var/run/secrets/credential-uds\n  name: credential-socket\n- mountPath: /var/run/secrets/workload-spiffe-credentials\n  name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  readOnly: true\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- mountPath: /var/run/secrets/istio\n  name: istiod-ca-cert\n- mountPath: /var/run/secrets/istio/crl\n  name: istio-ca-crl\n'
    yield '- mountPath: /var/lib/istio/data\n  name: istio-data\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- mountPath: /etc/istio/custom-bootstrap\n  name: custom-bootstrap-volume\n'
    yield '- mountPath: /etc/istio/proxy\n  name: istio-envoy\n- mountPath: /var/run/secrets/tokens\n  name: istio-token\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- mountPath: /etc/certs/\n  name: istio-certs\n  readOnly: true\n'
    yield '- mountPath: /etc/istio/pod\n  name: istio-podinfo\n'
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- mountPath: '
        yield (filled((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory)))
        yield '\n  name: lightstep-certs\n  readOnly: true\n'
    for l_1_mount in (undefined(name='userMounts') if l_0_userMounts is missing else l_0_userMounts):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_mount))
        yield '\n'
    l_1_mount = missing


def template_1_27_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_tokenAudience = resolve('tokenAudience', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_clusterTrustBundle = resolve('clusterTrustBundle', missing)
    l_0_clusterTrustBundleName = resolve('clusterTrustBundleName', missing)
    l_0_trustBundleName = resolve('trustBundleName', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_mtlsSecret = resolve('mtlsSecret', missing)
    l_0_userVolumes = resolve('userVolumes', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- name: workload-socket\n- name: credential-socket\n- name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  csi: {driver: workloadcertificates.security.cloud.google.com}\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: custom-bootstrap-volume\n  configMap:\n    name: '
        yield (filled((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride)))
        yield '\n'
    yield '- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: '
    yield (filled((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience)))
    yield '\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- name: istiod-ca-cert\n'
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            yield '  projected:\n    sources:\n      - clusterTrustBundle:\n          name: '
            yield (filled((undefined(name='clusterTrustBundleName') if l_0_clusterTrustBundleName is missing else l_0_clusterTrustBundleName)))
            yield '\n          path: root-cert.pem\n'
        else:
            pass
            yield '  configMap:\n    name: '
            yield (filled(((undefined(name='trustBundleName') if l_0_trustBundleName is missing else l_0_trustBundleName) or 'istio-ca-root-cert')))
            yield '\n'
    yield '- name: istio-ca-crl\n  configMap:\n    name: istio-ca-crl\n    optional: true\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- name: istio-certs\n  secret:\n    optional: true\n    secretName: '
        yield (filled((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret)))
        yield '\n'
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_volume))
        yield '\n'
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n'


def template_1_28_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_redirection = resolve('redirection', missing)
    l_0_initImage = resolve('initImage', missing)
    l_0_imagePullPolicy = resolve('imagePullPolicy', missing)
    l_0_outboundPort = resolve('outboundPort', missing)
    l_0_inboundPort = resolve('inboundPort', missing)
    l_0_proxyUserText = resolve('proxyUserText', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_includeOutboundIPRanges = resolve('includeOutboundIPRanges', missing)
    l_0_excludeOutboundIPRanges = resolve('excludeOutboundIPRanges', missing)
    l_0_includeInboundPorts = resolve('includeInboundPorts', missing)
    l_0_unredirectedPorts = resolve('unredirectedPorts', missing)
    l_0_includeOutboundPorts = resolve('includeOutboundPorts', missing)
    l_0_excludeOutboundPorts = resolve('excludeOutboundPorts', missing)
    l_0_virtualInterfaces = resolve('virtualInterfaces', missing)
    l_0_excludeInterfaces = resolve('excludeInterfaces', missing)
    l_0_agentLogArgument = resolve('agentLogArgument', missing)
    l_0_logAsJson = resolve('logAsJson', missing)
    l_0_cni = resolve('cni', missing)
    l_0_forceApplyIptables = resolve('forceApplyIptables', missing)
    l_0_nativeNftables = resolve('nativeNftables', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    l_0_resources = resolve('resources', missing)
    l_0_privileged = resolve('privileged', missing)
    l_0_proxyUser = resolve('proxyUser', missing)
    l_0_seccompProfile = resolve('seccompProfile', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'name: '
    yield (filled((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection)))
    yield '\nimage: '
    yield (filled((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage)))
    yield '\n'
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        yield 'imagePullPolicy: '
        yield (filled((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy)))
        yield '\n'
    yield 'args:\n  - istio-iptables\n  - -p\n  - '
    yield (filled((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort)))
    yield '\n  - -z\n  - '
    yield (filled((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort)))
    yield '\n  - -u\n  - '
    yield (filled((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText)))
    yield '\n  - -m\n  - '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n  - -i\n  - '
    yield (filled((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges)))
    yield '\n  - -x\n  - '
    yield (filled((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges)))
    yield '\n  - -b\n  - '
    yield (filled((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts)))
    yield '\n  - -d\n  - '
    yield (filled((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts)))
    yield '\n'
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        yield '  - -q\n  - '
        yield (filled((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts)))
        yield '\n'
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        yield '  - -o\n  - '
        yield (filled((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts)))
        yield '\n'
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        yield '  - -k\n  - '
        yield (filled(l_1_interfaces))
        yield '\n'
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        yield '  - -c\n  - '
        yield (filled((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces)))
        yield '\n'
    yield '  - '
    yield (filled((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument)))
    yield '\n'
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        yield '  - --log_as_json\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  - --run-validation\n  - --skip-rule-apply\n'
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        yield '  - --force-apply\n'
    if (undefined(name='nativeNftables') if l_0_nativeNftables is missing else l_0_nativeNftables):
        pass
        yield '  - --native-nftables\n'
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        yield 'env: '
        yield (filled((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata)))
        yield '\n'
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        yield 'resources: '
        yield (filled((undefined(name='resources') if l_0_resources is missing else l_0_resources)))
        yield '\n'
    yield 'securityContext:\n  allowPrivilegeEscalation: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  privileged: '
    yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
    yield '\n  capabilities:\n'
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        yield '    add: [NET_ADMIN, NET_RAW]\n'
    yield '    drop: [ALL]\n'
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        yield '  readOnlyRootFilesystem: true\n  runAsGroup: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsUser: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n  runAsNonRoot: true\n'
    else:
        pass
        yield '  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n'
    if (undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile):
        pass
        yield '  seccompProfile: '
        yield (filled((undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile)))
        yield '\n'


def template_1_28_inject_proxy(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_proxyImage = resolve('proxyImage', missing)
    l_0_imagePullPolicy = resolve('imagePullPolicy', missing)
    l_0_native = resolve('native', missing)
    l_0_domain = resolve('domain', missing)
    l_0_proxyLogArgument = resolve('proxyLogArgument', missing)
    l_0_proxyComponentLogArgument = resolve('proxyComponentLogArgument', missing)
    l_0_agentLogArgument = resolve('agentLogArgument', missing)
    l_0_stsArgument = resolve('stsArgument', missing)
    l_0_logAsJson = resolve('logAsJson', missing)
    l_0_outlierLogArgument = resolve('outlierLogArgument', missing)
    l_0_lifecycle = resolve('lifecycle', missing)
    l_0_holdApplication = resolve('holdApplication', missing)
    l_0_debugPortArgument = resolve('debugPortArgument', missing)
    l_0_probed = resolve('probed', missing)
    l_0_startupFailureThreshold = resolve('startupFailureThreshold', missing)
    l_0_readinessInitialDelaySeconds = resolve('readinessInitialDelaySeconds', missing)
    l_0_readinessPeriodSeconds = resolve('readinessPeriodSeconds', missing)
    l_0_readinessFailureThreshold = resolve('readinessFailureThreshold', missing)
    l_0_traceIptables = resolve('traceIptables', missing)
    l_0_privileged = resolve('privileged', missing)
    l_0_addedCapabilities = resolve('addedCapabilities', missing)
    l_0_proxyUser = resolve('proxyUser', missing)
    l_0_seccompProfile = resolve('seccompProfile', missing)
    l_0_resources = resolve('resources', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield 'name: istio-proxy\nimage: '
    yield (filled((undefined(name='proxyImage') if l_0_proxyImage is missing else l_0_proxyImage)))
    yield '\n'
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        yield 'imagePullPolicy: '
        yield (filled((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy)))
        yield '\n'
    if (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        yield 'restartPolicy: Always\n'
    yield 'ports:\n  - containerPort: 15090\n    protocol: TCP\n    name: http-envoy-prom\nargs:\n  - proxy\n  - sidecar\n  - --domain\n  - '
    yield (filled((undefined(name='domain') if l_0_domain is missing else l_0_domain)))
    yield '\n  - '
    yield (filled((undefined(name='proxyLogArgument') if l_0_proxyLogArgument is missing else l_0_proxyLogArgument)))
    yield '\n  - '
    yield (filled((undefined(name='proxyComponentLogArgument') if l_0_proxyComponentLogArgument is missing else l_0_proxyComponentLogArgument)))
    yield '\n  - '
    yield (filled((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument)))
    yield '\n'
    if (undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument):
        pass
        yield '  - '
        yield (filled((undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument)))
        yield '\n'
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        yield '  - --log_as_json\n'
    if (undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument):
        pass
        yield '  - '
        yield (filled((undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument)))
        yield '\n'
    if (undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle):
        pass
        yield 'lifecycle: '
        yield (filled((undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle)))
        yield '\n'
    elif (undefined(name='holdApplication') if l_0_holdApplication is missing else l_0_holdApplication):
        pass
        yield 'lifecycle:\n  postStart:\n    exec:\n      command: [pilot-agent, wait]\n'
    elif (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        yield 'lifecycle:\n  preStop:\n    exec:\n      command:\n        - pilot-agent\n        - request\n        - '
        yield (filled((undefined(name='debugPortArgument') if l_0_debugPortArgument is missing else l_0_debugPortArgument)))
        yield '\n        - POST\n        - drain\n'
    if (undefined(name='probed') if l_0_probed is missing else l_0_probed):
        pass
        if (not t_1((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))):
            pass
            yield 'startupProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: 0\n  periodSeconds: 1\n  timeoutSeconds: 3\n  failureThreshold: '
            yield (filled((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold)))
            yield '\n'
        yield 'readinessProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: '
        yield (filled((undefined(name='readinessInitialDelaySeconds') if l_0_readinessInitialDelaySeconds is missing else l_0_readinessInitialDelaySeconds)))
        yield '\n  periodSeconds: '
        yield (filled((undefined(name='readinessPeriodSeconds') if l_0_readinessPeriodSeconds is missing else l_0_readinessPeriodSeconds)))
        yield '\n  timeoutSeconds: 3\n  failureThreshold: '
        yield (filled((undefined(name='readinessFailureThreshold') if l_0_readinessFailureThreshold is missing else l_0_readinessFailureThreshold)))
        yield '\n'
    yield 'securityContext:\n'
    if (undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables):
        pass
        yield '  allowPrivilegeEscalation: true\n  capabilities:\n    add: [NET_ADMIN]\n    drop: [ALL]\n  privileged: true\n'
    else:
        pass
        yield '  allowPrivilegeEscalation: '
        yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
        yield '\n  capabilities:\n'
        if (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities):
            pass
            yield '    add: '
            yield (filled((undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)))
            yield '\n'
        yield '    drop: [ALL]\n  privileged: '
        yield (filled((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged)))
        yield '\n'
    yield '  readOnlyRootFilesystem: true\n  runAsGroup: '
    yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
    yield '\n'
    if ((undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables) or (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)):
        pass
        yield '  runAsNonRoot: false\n  runAsUser: 0\n'
    else:
        pass
        yield '  runAsNonRoot: true\n  runAsUser: '
        yield (filled((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser)))
        yield '\n'
    if (undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile):
        pass
        yield '  seccompProfile: '
        yield (filled((undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile)))
        yield '\n'
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        yield 'resources: '
        yield (filled((undefined(name='resources') if l_0_resources is missing else l_0_resources)))
        yield '\n'


def template_1_29_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_inboundLocalhost = resolve('inboundLocalhost', missing)
    l_0_pilotCertProvider = resolve('pilotCertProvider', missing)
    l_0_caAddress = resolve('caAddress', missing)
    l_0_proxyConfig = resolve('proxyConfig', missing)
    l_0_podPorts = resolve('podPorts', missing)
    l_0_appContainers = resolve('appContainers', missing)
    l_0_compliancePolicy = resolve('compliancePolicy', missing)
    l_0_clusterId = resolve('clusterId', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_network = resolve('network', missing)
    l_0_workloadName = resolve('workloadName', missing)
    l_0_owner = resolve('owner', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_meshId = resolve('meshId', missing)
    l_0_trustDomain = resolve('trustDomain', missing)
    l_0_datadog = resolve('datadog', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    if (undefined(name='inboundLocalhost') if l_0_inboundLocalhost is missing else l_0_inboundLocalhost):
        pass
        yield '- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n'
    yield '- name: PILOT_CERT_PROVIDER\n  value: '
    yield (filled((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider)))
    yield '\n- name: CA_ADDR\n  value: '
    yield (filled((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress)))
    yield '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: '
    yield (filled((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig)))
    yield '\n- name: ISTIO_META_POD_PORTS\n  value: '
    yield (filled((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts)))
    yield '\n- name: ISTIO_META_APP_CONTAINERS\n  value: '
    yield (filled((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers)))
    yield '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        yield '- name: COMPLIANCE_POLICY\n  value: '
        yield (filled((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy)))
        yield '\n'
    yield '- name: ISTIO_META_CLUSTER_ID\n  value: '
    yield (filled((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId)))
    yield '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n'
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        yield '- name: ISTIO_META_NETWORK\n  value: '
        yield (filled((undefined(name='network') if l_0_network is missing else l_0_network)))
        yield '\n'
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        yield '- name: ISTIO_META_WORKLOAD_NAME\n  value: '
        yield (filled((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName)))
        yield '\n'
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        yield '- name: ISTIO_META_OWNER\n  value: '
        yield (filled((undefined(name='owner') if l_0_owner is missing else l_0_owner)))
        yield '\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n'
    yield '- name: ISTIO_META_MESH_ID\n  value: '
    yield (filled((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId)))
    yield '\n- name: TRUST_DOMAIN\n  value: '
    yield (filled((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain)))
    yield '\n'
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing


def template_1_29_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_workloadCertificates = resolve('workloadCertificates', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_tokenAudience = resolve('tokenAudience', missing)
    l_0_istiodCertificates = resolve('istiodCertificates', missing)
    l_0_clusterTrustBundle = resolve('clusterTrustBundle', missing)
    l_0_clusterTrustBundleName = resolve('clusterTrustBundleName', missing)
    l_0_trustBundleName = resolve('trustBundleName', missing)
    l_0_crlConfigMapName = resolve('crlConfigMapName', missing)
    l_0_mountMtlsCerts = resolve('mountMtlsCerts', missing)
    l_0_mtlsSecret = resolve('mtlsSecret', missing)
    l_0_userVolumes = resolve('userVolumes', missing)
    l_0_lightstepDirectory = resolve('lightstepDirectory', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    yield '- name: workload-socket\n- name: credential-socket\n- name: '
    yield (filled((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates)))
    yield '\n'
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        yield '  csi: {driver: workloadcertificates.security.cloud.google.com}\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: custom-bootstrap-volume\n  configMap:\n    name: '
        yield (filled((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride)))
        yield '\n'
    yield '- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: '
    yield (filled((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience)))
    yield '\n'
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        yield '- name: istiod-ca-cert\n'
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            yield '  projected:\n    sources:\n      - clusterTrustBundle:\n          name: '
            yield (filled((undefined(name='clusterTrustBundleName') if l_0_clusterTrustBundleName is missing else l_0_clusterTrustBundleName)))
            yield '\n          path: root-cert.pem\n'
        else:
            pass
            yield '  configMap:\n    name: '
            yield (filled(((undefined(name='trustBundleName') if l_0_trustBundleName is missing else l_0_trustBundleName) or 'istio-ca-root-cert')))
            yield '\n'
    yield '- name: istio-ca-crl\n  configMap:\n    name: '
    yield (filled((undefined(name='crlConfigMapName') if l_0_crlConfigMapName is missing else l_0_crlConfigMapName)))
    yield '\n    optional: true\n'
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        yield '- name: istio-certs\n  secret:\n    optional: true\n    secretName: '
        yield (filled((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret)))
        yield '\n'
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_volume))
        yield '\n'
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        yield '- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n'


def template_1_30_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_inboundLocalhost = resolve('inboundLocalhost', missing)
    l_0_pilotCertProvider = resolve('pilotCertProvider', missing)
    l_0_caAddress = resolve('caAddress', missing)
    l_0_proxyConfig = resolve('proxyConfig', missing)
    l_0_podPorts = resolve('podPorts', missing)
    l_0_appContainers = resolve('appContainers', missing)
    l_0_compliancePolicy = resolve('compliancePolicy', missing)
    l_0_clusterId = resolve('clusterId', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_network = resolve('network', missing)
    l_0_workloadName = resolve('workloadName', missing)
    l_0_owner = resolve('owner', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_meshId = resolve('meshId', missing)
    l_0_trustDomain = resolve('trustDomain', missing)
    l_0_datadog = resolve('datadog', missing)
    l_0_otelAttributes = resolve('otelAttributes', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    if (undefined(name='inboundLocalhost') if l_0_inboundLocalhost is missing else l_0_inboundLocalhost):
        pass
        yield '- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n'
    yield '- name: PILOT_CERT_PROVIDER\n  value: '
    yield (filled((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider)))
    yield '\n- name: CA_ADDR\n  value: '
    yield (filled((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress)))
    yield '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: '
    yield (filled((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig)))
    yield '\n- name: ISTIO_META_POD_PORTS\n  value: '
    yield (filled((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts)))
    yield '\n- name: ISTIO_META_APP_CONTAINERS\n  value: '
    yield (filled((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers)))
    yield '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        yield '- name: COMPLIANCE_POLICY\n  value: '
        yield (filled((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy)))
        yield '\n'
    yield '- name: ISTIO_META_CLUSTER_ID\n  value: '
    yield (filled((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId)))
    yield '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n'
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        yield '- name: ISTIO_META_NETWORK\n  value: '
        yield (filled((undefined(name='network') if l_0_network is missing else l_0_network)))
        yield '\n'
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        yield '- name: ISTIO_META_WORKLOAD_NAME\n  value: '
        yield (filled((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName)))
        yield '\n'
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        yield '- name: ISTIO_META_OWNER\n  value: '
        yield (filled((undefined(name='owner') if l_0_owner is missing else l_0_owner)))
        yield '\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n'
    yield '- name: ISTIO_META_MESH_ID\n  value: '
    yield (filled((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId)))
    yield '\n- name: TRUST_DOMAIN\n  value: '
    yield (filled((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain)))
    yield '\n'
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing
    if (undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes):
        pass
        yield '- name: OTEL_RESOURCE_ATTRIBUTES\n  value: '
        yield (filled((undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes)))
        yield '\n'
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing


def template_1_31_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    filled = context.filled
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    if 0: yield None
    l_0_inboundLocalhost = resolve('inboundLocalhost', missing)
    l_0_pilotCertProvider = resolve('pilotCertProvider', missing)
    l_0_caAddress = resolve('caAddress', missing)
    l_0_proxyConfig = resolve('proxyConfig', missing)
    l_0_podPorts = resolve('podPorts', missing)
    l_0_appContainers = resolve('appContainers', missing)
    l_0_compliancePolicy = resolve('compliancePolicy', missing)
    l_0_clusterId = resolve('clusterId', missing)
    l_0_interceptionMode = resolve('interceptionMode', missing)
    l_0_network = resolve('network', missing)
    l_0_workloadName = resolve('workloadName', missing)
    l_0_owner = resolve('owner', missing)
    l_0_bootstrapOverride = resolve('bootstrapOverride', missing)
    l_0_meshId = resolve('meshId', missing)
    l_0_trustDomain = resolve('trustDomain', missing)
    l_0_datadog = resolve('datadog', missing)
    l_0_otelAttributes = resolve('otelAttributes', missing)
    l_0_proxyMetadata = resolve('proxyMetadata', missing)
    try:
        t_1 = environment.tests['none']
    except KeyError:
        @internalcode
        def t_1(*unused):
            raise TemplateRuntimeError("No test named 'none' found.")
    pass
    if (undefined(name='inboundLocalhost') if l_0_inboundLocalhost is missing else l_0_inboundLocalhost):
        pass
        yield '- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n'
    yield '- name: PILOT_CERT_PROVIDER\n  value: '
    yield (filled((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider)))
    yield '\n- name: CA_ADDR\n  value: '
    yield (filled((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress)))
    yield '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: '
    yield (filled((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig)))
    yield '\n- name: ISTIO_META_POD_PORTS\n  value: '
    yield (filled((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts)))
    yield '\n- name: ISTIO_META_APP_CONTAINERS\n  value: '
    yield (filled((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers)))
    yield '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        yield '- name: COMPLIANCE_POLICY\n  value: '
        yield (filled((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy)))
        yield '\n'
        if ((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy) == 'fips-140-3'):
            pass
            yield '- name: GODEBUG\n  value: fips140=only\n'
    yield '- name: ISTIO_META_CLUSTER_ID\n  value: '
    yield (filled((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId)))
    yield '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: '
    yield (filled((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode)))
    yield '\n'
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        yield '- name: ISTIO_META_NETWORK\n  value: '
        yield (filled((undefined(name='network') if l_0_network is missing else l_0_network)))
        yield '\n'
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        yield '- name: ISTIO_META_WORKLOAD_NAME\n  value: '
        yield (filled((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName)))
        yield '\n'
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        yield '- name: ISTIO_META_OWNER\n  value: '
        yield (filled((undefined(name='owner') if l_0_owner is missing else l_0_owner)))
        yield '\n'
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        yield '- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n'
    yield '- name: ISTIO_META_MESH_ID\n  value: '
    yield (filled((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId)))
    yield '\n- name: TRUST_DOMAIN\n  value: '
    yield (filled((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain)))
    yield '\n'
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing
    if (undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes):
        pass
        yield '- name: OTEL_RESOURCE_ATTRIBUTES\n  value: '
        yield (filled((undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes)))
        yield '\n'
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        yield '- '
        yield (filled(l_1_variable))
        yield '\n'
    l_1_variable = missing


ROOTS = {
    "a1670193f9f9347e086a78b0bf3bf969": template_1_24_authorizationpolicy,
    "34d2639d3bb488aca7ad5fd76f130d54": template_1_24_configmap,
    "46d99acbea1074202601caf92b98f988": template_1_24_cronjob,
    "c13b2ee8e65da896f9edc5f9d9026097": template_1_24_daemonset,
    "3480113547e7fe8c882de4eaea70e8b2": template_1_24_deployment,
    "6e3e42625c4c1f16ef55435836e88b6e": template_1_24_destinationrule,
    "1c7444b61cd04316c9a3127350c37981": template_1_24_grpcroute,
    "96b40c2600a37c1cb3ab41a6a4802243": template_1_24_horizontalpodautoscaler,
    "2cfe32d490ef9cf4ad675e65ec5ede26": template_1_24_httproute,
    "d3849b9f800a55859f6b3cf1fb062ad2": template_1_24_inject_env,
    "ff6a49ccd0cfcdb0ce486e9fc8ec3f12": template_1_24_inject_init,
    "e98a0c735dae56db3d9e6b3a6e8ef672": template_1_24_inject_metadata,
    "238d337dd502a8633085234f3a83342f": template_1_24_inject_mounts,
    "c8d3c0894325de9c02d7f2f109dc34a0": template_1_24_inject_proxy,
    "770e2cf9dd25159d9c348d5ca0a5c678": template_1_24_inject_volumes,
    "631bf5583ec7e8ea89d9a6ebba4335a5": template_1_24_job,
    "3e0c7fa614142bbe15c25ec7eec9d534": template_1_24_kubernetes_gateway,
    "eed1da4443373fb120171d18380f2c35": template_1_24_namespace,
    "f84fa9f1e7fde79d5f2ce138cfe686dd": template_1_24_peerauthentication,
    "116722db4de5afa1e121383f84d1661a": template_1_24_pod,
    "e87704a9d236bb63e9235099bb6cbcb0": template_1_24_poddisruptionbudget,
    "202511e6c169b6ea272bf9eb518bbaf8": template_1_24_service,
    "91822ed34f89c0e49bf0b42955cd9df3": template_1_24_serviceaccount,
    "d6609eca3bca9fe89228ddde625a58df": template_1_24_serviceentry,
    "73a2afc1a1d07f4442faf60d509105ff": template_1_24_sidecar,
    "820604047b558a97b35b52e87ea23d5e": template_1_24_statefulset,
    "aa069ed90191ccd8480eaaba152028b2": template_1_24_tcproute,
    "52283ba371bb602ef2947e2ce9f454ac": template_1_24_tlsroute,
    "da1550ae390574fab9289335d9710fcf": template_1_24_virtualservice,
    "38163ed94deccf4386a0f8cb2e3d3dd9": template_1_24_waypoint,
    "00a4af5340101cc015b810ce1066396f": template_1_25_inject_metadata,
    "19420cc722c66981d0e7336d0432b60d": template_1_26_inject_volumes,
    "e8d57c43b826abfe01330aec12038bf5": template_1_27_inject_init,
    "aae61cf1c6a5c979d7684be6bb05b4ea": template_1_27_inject_mounts,
    "69fe7f69a71e27cce8a94e3a994a2751": template_1_27_inject_volumes,
    "8eccf84ed6f2c9f194dc105eec50bc7e": template_1_28_inject_init,
    "5e0afc293efe382317661d59f1b2fb98": template_1_28_inject_proxy,
    "4788d70ccb561630967127349012c270": template_1_29_inject_env,
    "aa083da2d13afa7d01a6ecc9ecda2c2a": template_1_29_inject_volumes,
    "9b1ca12ec09edf0a249daf4898a8c9bc": template_1_30_inject_env,
    "06bf09a537f632e9654e2970f23f8f1c": template_1_31_inject_env,
}
