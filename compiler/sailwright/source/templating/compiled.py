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
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_targetRefs = resolve('targetRefs', missing)
    l_0_sources = resolve('sources', missing)
    pass
    note(0)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    if (undefined(name='selector') if l_0_selector is missing else l_0_selector):
        pass
        note(1)
        put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    else:
        pass
        note(2)
        put((undefined(name='targetRefs') if l_0_targetRefs is missing else l_0_targetRefs))
    note(3)
    if (undefined(name='sources') if l_0_sources is missing else l_0_sources):
        pass
        note(4)
        for (l_1_key, l_1_value) in (undefined(name='sources') if l_0_sources is missing else l_0_sources):
            _loop_vars = {}
            pass
            note(5)
            put(l_1_key)
            put(l_1_value)
        l_1_key = l_1_value = missing


def template_1_24_configmap(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_data = resolve('data', missing)
    pass
    note(6)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='data') if l_0_data is missing else l_0_data))


def template_1_24_cronjob(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_schedule = resolve('schedule', missing)
    l_0_settings = resolve('settings', missing)
    l_0_jobSettings = resolve('jobSettings', missing)
    l_0_pod = resolve('pod', missing)
    pass
    note(7)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='schedule') if l_0_schedule is missing else l_0_schedule))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(8)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(9)
    for (l_1_key, l_1_value) in (undefined(name='jobSettings') if l_0_jobSettings is missing else l_0_jobSettings):
        _loop_vars = {}
        pass
        note(10)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(11)
    put((undefined(name='pod') if l_0_pod is missing else l_0_pod))


def template_1_24_daemonset(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    note(12)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(13)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(14)
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    put((undefined(name='pod') if l_0_pod is missing else l_0_pod))


def template_1_24_deployment(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    note(15)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(16)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(17)
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    put((undefined(name='pod') if l_0_pod is missing else l_0_pod))


def template_1_24_destinationrule(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_host = resolve('host', missing)
    l_0_exportTo = resolve('exportTo', missing)
    l_0_trafficPolicy = resolve('trafficPolicy', missing)
    l_0_subsets = resolve('subsets', missing)
    pass
    note(18)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='host') if l_0_host is missing else l_0_host))
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        note(19)
        put((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo))
    if (undefined(name='trafficPolicy') if l_0_trafficPolicy is missing else l_0_trafficPolicy):
        pass
        note(20)
        put((undefined(name='trafficPolicy') if l_0_trafficPolicy is missing else l_0_trafficPolicy))
    if (undefined(name='subsets') if l_0_subsets is missing else l_0_subsets):
        pass
        note(21)
        for l_1_subset in (undefined(name='subsets') if l_0_subsets is missing else l_0_subsets):
            _loop_vars = {}
            pass
            note(22)
            put(environment.getattr(l_1_subset, 'name'))
            put(environment.getattr(l_1_subset, 'labels'))
            if environment.getattr(l_1_subset, 'trafficPolicy'):
                pass
                note(23)
                put(environment.getattr(l_1_subset, 'trafficPolicy'))
        l_1_subset = missing


def template_1_24_grpcroute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_rules = resolve('rules', missing)
    pass
    note(24)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs))
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        note(25)
        put((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames))
    note(26)
    for l_1_rule in (undefined(name='rules') if l_0_rules is missing else l_0_rules):
        _loop_vars = {}
        pass
        note(27)
        for (l_2_key, l_2_value) in l_1_rule:
            _loop_vars = {}
            pass
            note(28)
            put(l_2_key)
            put(l_2_value)
        l_2_key = l_2_value = missing
    l_1_rule = missing


def template_1_24_horizontalpodautoscaler(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_target = resolve('target', missing)
    l_0_minReplicas = resolve('minReplicas', missing)
    l_0_maxReplicas = resolve('maxReplicas', missing)
    l_0_metrics = resolve('metrics', missing)
    l_0_behavior = resolve('behavior', missing)
    pass
    note(29)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put(environment.getattr((undefined(name='target') if l_0_target is missing else l_0_target), 'kind'))
    put(environment.getattr((undefined(name='target') if l_0_target is missing else l_0_target), 'name'))
    put((undefined(name='minReplicas') if l_0_minReplicas is missing else l_0_minReplicas))
    put((undefined(name='maxReplicas') if l_0_maxReplicas is missing else l_0_maxReplicas))
    put((undefined(name='metrics') if l_0_metrics is missing else l_0_metrics))
    if (undefined(name='behavior') if l_0_behavior is missing else l_0_behavior):
        pass
        note(30)
        put((undefined(name='behavior') if l_0_behavior is missing else l_0_behavior))


def template_1_24_httproute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_rules = resolve('rules', missing)
    pass
    note(31)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs))
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        note(32)
        put((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames))
    note(33)
    for l_1_rule in (undefined(name='rules') if l_0_rules is missing else l_0_rules):
        _loop_vars = {}
        pass
        note(34)
        for (l_2_key, l_2_value) in l_1_rule:
            _loop_vars = {}
            pass
            note(35)
            put(l_2_key)
            put(l_2_value)
        l_2_key = l_2_value = missing
    l_1_rule = missing


def template_1_24_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
        note(36)
    note(37)
    put((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider))
    put((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress))
    put((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig))
    put((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts))
    put((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers))
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        note(38)
        put((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy))
    note(39)
    put((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        note(40)
        put((undefined(name='network') if l_0_network is missing else l_0_network))
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        note(41)
        put((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName))
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        note(42)
        put((undefined(name='owner') if l_0_owner is missing else l_0_owner))
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(43)
    note(44)
    put((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId))
    put((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain))
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        note(45)
        put(l_1_variable)
    l_1_variable = missing
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        note(46)
        put(l_1_variable)
    l_1_variable = missing


def template_1_24_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(47)
    put((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection))
    put((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage))
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        note(48)
        put((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy))
    note(49)
    put((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort))
    put((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort))
    put((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    put((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges))
    put((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges))
    put((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts))
    put((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts))
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        note(50)
        put((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        note(51)
        put((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        note(52)
        put(l_1_interfaces)
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        note(53)
        put((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))
    note(54)
    put((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument))
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        note(55)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(56)
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        note(57)
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        note(58)
        put((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata))
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        note(59)
        put((undefined(name='resources') if l_0_resources is missing else l_0_resources))
    note(60)
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        note(61)
    note(62)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(63)
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    else:
        pass
        note(64)


def template_1_24_inject_metadata(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(65)
    put((undefined(name='tlsMode') if l_0_tlsMode is missing else l_0_tlsMode))
    if (undefined(name='hbone') if l_0_hbone is missing else l_0_hbone):
        pass
        note(66)
        put((undefined(name='tunnel') if l_0_tunnel is missing else l_0_tunnel))
    note(67)
    put((undefined(name='canonicalName') if l_0_canonicalName is missing else l_0_canonicalName))
    put((undefined(name='canonicalRevision') if l_0_canonicalRevision is missing else l_0_canonicalRevision))
    put((undefined(name='revision') if l_0_revision is missing else l_0_revision))
    if (undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer):
        pass
        if (not (undefined(name='hasDefaultLogsContainer') if l_0_hasDefaultLogsContainer is missing else l_0_hasDefaultLogsContainer)):
            pass
            note(68)
            put((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer))
        if (not (undefined(name='hasDefaultContainer') if l_0_hasDefaultContainer is missing else l_0_hasDefaultContainer)):
            pass
            note(69)
            put((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer))
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        if (undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks):
            pass
            note(70)
            put((undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks))
        note(71)
        put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
        if (undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges):
            pass
            note(72)
            put((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges))
        if (undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges):
            pass
            note(73)
            put((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges))
        if (undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts):
            pass
            note(74)
            put((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts))
        note(75)
        put((undefined(name='excludeInboundPorts') if l_0_excludeInboundPorts is missing else l_0_excludeInboundPorts))
        if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
            pass
            note(76)
            put((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))
        if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
            pass
            note(77)
            put((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))
        if (undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces):
            pass
            note(78)
            put((undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces))
        if (undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces):
            pass
            note(79)
            put((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))


def template_1_24_inject_mounts(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(80)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(81)
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(82)
    note(83)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(84)
    note(85)
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(86)
    note(87)
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(88)
        put((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))
    for l_1_mount in (undefined(name='userMounts') if l_0_userMounts is missing else l_0_userMounts):
        _loop_vars = {}
        pass
        note(89)
        put(l_1_mount)
    l_1_mount = missing


def template_1_24_inject_proxy(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(90)
    put((undefined(name='proxyImage') if l_0_proxyImage is missing else l_0_proxyImage))
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        note(91)
        put((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy))
    if (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        note(92)
    note(93)
    put((undefined(name='domain') if l_0_domain is missing else l_0_domain))
    put((undefined(name='proxyLogArgument') if l_0_proxyLogArgument is missing else l_0_proxyLogArgument))
    put((undefined(name='proxyComponentLogArgument') if l_0_proxyComponentLogArgument is missing else l_0_proxyComponentLogArgument))
    put((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument))
    if (undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument):
        pass
        note(94)
        put((undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument))
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        note(95)
    if (undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument):
        pass
        note(96)
        put((undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument))
    if (undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle):
        pass
        note(97)
        put((undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle))
    elif (undefined(name='holdApplication') if l_0_holdApplication is missing else l_0_holdApplication):
        pass
        note(98)
    elif (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        note(99)
        put((undefined(name='debugPortArgument') if l_0_debugPortArgument is missing else l_0_debugPortArgument))
    if (undefined(name='probed') if l_0_probed is missing else l_0_probed):
        pass
        if (not t_1((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))):
            pass
            note(100)
            put((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))
        note(101)
        put((undefined(name='readinessInitialDelaySeconds') if l_0_readinessInitialDelaySeconds is missing else l_0_readinessInitialDelaySeconds))
        put((undefined(name='readinessPeriodSeconds') if l_0_readinessPeriodSeconds is missing else l_0_readinessPeriodSeconds))
        put((undefined(name='readinessFailureThreshold') if l_0_readinessFailureThreshold is missing else l_0_readinessFailureThreshold))
    note(102)
    if (undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables):
        pass
        note(103)
    else:
        pass
        note(104)
        put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
        if (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities):
            pass
            note(105)
            put((undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities))
        note(106)
        put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    note(107)
    put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    if ((undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables) or (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)):
        pass
        note(108)
    else:
        pass
        note(109)
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        note(110)
        put((undefined(name='resources') if l_0_resources is missing else l_0_resources))


def template_1_24_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(111)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(112)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(113)
        put((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))
    note(114)
    put((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience))
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(115)
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(116)
        put((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret))
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        note(117)
        put(l_1_volume)
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(118)


def template_1_24_job(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_pod = resolve('pod', missing)
    pass
    note(119)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(120)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(121)
    put((undefined(name='pod') if l_0_pod is missing else l_0_pod))


def template_1_24_kubernetes_gateway(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_class = resolve('class', missing)
    l_0_listeners = resolve('listeners', missing)
    pass
    note(122)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='class') if l_0_class is missing else l_0_class))
    put((undefined(name='listeners') if l_0_listeners is missing else l_0_listeners))


def template_1_24_namespace(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    pass
    note(123)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))


def template_1_24_peerauthentication(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_mode = resolve('mode', missing)
    pass
    note(124)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    put((undefined(name='mode') if l_0_mode is missing else l_0_mode))


def template_1_24_pod(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_labels = resolve('labels', missing)
    l_0_annotations = resolve('annotations', missing)
    l_0_serviceAccountName = resolve('serviceAccountName', missing)
    l_0_settings = resolve('settings', missing)
    l_0_initContainers = resolve('initContainers', missing)
    l_0_container = resolve('container', missing)
    l_0_containers = resolve('containers', missing)
    l_0_volumes = resolve('volumes', missing)
    pass
    note(125)
    put((undefined(name='labels') if l_0_labels is missing else l_0_labels))
    if (undefined(name='annotations') if l_0_annotations is missing else l_0_annotations):
        pass
        note(126)
        put((undefined(name='annotations') if l_0_annotations is missing else l_0_annotations))
    note(127)
    if (undefined(name='serviceAccountName') if l_0_serviceAccountName is missing else l_0_serviceAccountName):
        pass
        note(128)
        put((undefined(name='serviceAccountName') if l_0_serviceAccountName is missing else l_0_serviceAccountName))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(129)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    if (undefined(name='initContainers') if l_0_initContainers is missing else l_0_initContainers):
        pass
        note(130)
        put((undefined(name='initContainers') if l_0_initContainers is missing else l_0_initContainers))
    note(131)
    put(environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'name'))
    put(environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'image'))
    for (l_1_key, l_1_value) in environment.getattr((undefined(name='container') if l_0_container is missing else l_0_container), 'settings'):
        _loop_vars = {}
        pass
        note(132)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    for l_1_other in (undefined(name='containers') if l_0_containers is missing else l_0_containers):
        _loop_vars = {}
        pass
        note(133)
        put(l_1_other)
    l_1_other = missing
    if (undefined(name='volumes') if l_0_volumes is missing else l_0_volumes):
        pass
        note(134)
        put((undefined(name='volumes') if l_0_volumes is missing else l_0_volumes))


def template_1_24_poddisruptionbudget(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    pass
    note(135)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(136)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(137)
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))


def template_1_24_service(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(138)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(139)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    if (undefined(name='selector') if l_0_selector is missing else l_0_selector):
        pass
        note(140)
        put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    if (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        pass
        note(141)
    for l_1_port in (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        _loop_vars = {}
        pass
        note(142)
        put(environment.getattr(l_1_port, 'name'))
        put(environment.getattr(l_1_port, 'port'))
        put(environment.getattr(l_1_port, 'targetPort'))
        if t_1(environment.getattr(l_1_port, 'nodePort')):
            pass
            note(143)
            put(environment.getattr(l_1_port, 'nodePort'))
        if t_1(environment.getattr(l_1_port, 'protocol')):
            pass
            note(144)
            put(environment.getattr(l_1_port, 'protocol'))
        if t_1(environment.getattr(l_1_port, 'appProtocol')):
            pass
            note(145)
            put(environment.getattr(l_1_port, 'appProtocol'))
    l_1_port = missing


def template_1_24_serviceaccount(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    pass
    note(146)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))


def template_1_24_serviceentry(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(147)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts))
    if (undefined(name='addresses') if l_0_addresses is missing else l_0_addresses):
        pass
        note(148)
        put((undefined(name='addresses') if l_0_addresses is missing else l_0_addresses))
    note(149)
    put((undefined(name='location') if l_0_location is missing else l_0_location))
    put((undefined(name='resolution') if l_0_resolution is missing else l_0_resolution))
    for l_1_port in (undefined(name='ports') if l_0_ports is missing else l_0_ports):
        _loop_vars = {}
        pass
        note(150)
        put(environment.getattr(l_1_port, 'number'))
        put(environment.getattr(l_1_port, 'name'))
        put(environment.getattr(l_1_port, 'protocol'))
        if t_1(environment.getattr(l_1_port, 'targetPort')):
            pass
            note(151)
            put(environment.getattr(l_1_port, 'targetPort'))
    l_1_port = missing
    if (undefined(name='endpoints') if l_0_endpoints is missing else l_0_endpoints):
        pass
        note(152)
        put((undefined(name='endpoints') if l_0_endpoints is missing else l_0_endpoints))
    if (undefined(name='workloadSelector') if l_0_workloadSelector is missing else l_0_workloadSelector):
        pass
        note(153)
        put((undefined(name='workloadSelector') if l_0_workloadSelector is missing else l_0_workloadSelector))
    if (undefined(name='subjectAltNames') if l_0_subjectAltNames is missing else l_0_subjectAltNames):
        pass
        note(154)
        put((undefined(name='subjectAltNames') if l_0_subjectAltNames is missing else l_0_subjectAltNames))
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        note(155)
        put((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo))


def template_1_24_sidecar(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_selector = resolve('selector', missing)
    l_0_hosts = resolve('hosts', missing)
    pass
    note(156)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    put((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts))


def template_1_24_statefulset(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_serviceName = resolve('serviceName', missing)
    l_0_settings = resolve('settings', missing)
    l_0_selector = resolve('selector', missing)
    l_0_pod = resolve('pod', missing)
    pass
    note(157)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='serviceName') if l_0_serviceName is missing else l_0_serviceName))
    for (l_1_key, l_1_value) in (undefined(name='settings') if l_0_settings is missing else l_0_settings):
        _loop_vars = {}
        pass
        note(158)
        put(l_1_key)
        put(l_1_value)
    l_1_key = l_1_value = missing
    note(159)
    put((undefined(name='selector') if l_0_selector is missing else l_0_selector))
    put((undefined(name='pod') if l_0_pod is missing else l_0_pod))


def template_1_24_tcproute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_apiVersion = resolve('apiVersion', missing)
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_backendRefs = resolve('backendRefs', missing)
    pass
    note(160)
    put((undefined(name='apiVersion') if l_0_apiVersion is missing else l_0_apiVersion))
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs))
    put((undefined(name='backendRefs') if l_0_backendRefs is missing else l_0_backendRefs))


def template_1_24_tlsroute(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_apiVersion = resolve('apiVersion', missing)
    l_0_metadata = resolve('metadata', missing)
    l_0_parentRefs = resolve('parentRefs', missing)
    l_0_hostnames = resolve('hostnames', missing)
    l_0_backendRefs = resolve('backendRefs', missing)
    pass
    note(161)
    put((undefined(name='apiVersion') if l_0_apiVersion is missing else l_0_apiVersion))
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='parentRefs') if l_0_parentRefs is missing else l_0_parentRefs))
    if (undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames):
        pass
        note(162)
        put((undefined(name='hostnames') if l_0_hostnames is missing else l_0_hostnames))
    note(163)
    put((undefined(name='backendRefs') if l_0_backendRefs is missing else l_0_backendRefs))


def template_1_24_virtualservice(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(164)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='hosts') if l_0_hosts is missing else l_0_hosts))
    if (undefined(name='gateways') if l_0_gateways is missing else l_0_gateways):
        pass
        note(165)
        put((undefined(name='gateways') if l_0_gateways is missing else l_0_gateways))
    if (undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo):
        pass
        note(166)
        put((undefined(name='exportTo') if l_0_exportTo is missing else l_0_exportTo))
    if (undefined(name='http') if l_0_http is missing else l_0_http):
        pass
        note(167)
        for l_1_rule in (undefined(name='http') if l_0_http is missing else l_0_http):
            _loop_vars = {}
            pass
            note(168)
            put(environment.getattr(l_1_rule, 'name'))
            if environment.getattr(l_1_rule, 'match'):
                pass
                note(169)
                put(environment.getattr(l_1_rule, 'match'))
            for (l_2_key, l_2_value) in environment.getattr(l_1_rule, 'settings'):
                _loop_vars = {}
                pass
                note(170)
                put(l_2_key)
                put(l_2_value)
            l_2_key = l_2_value = missing
            if environment.getattr(l_1_rule, 'destinations'):
                pass
                note(171)
                for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                    _loop_vars = {}
                    pass
                    note(172)
                    put(environment.getattr(l_2_part, 'destination'))
                    if (not t_1(environment.getattr(l_2_part, 'weight'))):
                        pass
                        note(173)
                        put(environment.getattr(l_2_part, 'weight'))
                    if environment.getattr(l_2_part, 'headers'):
                        pass
                        note(174)
                        put(environment.getattr(l_2_part, 'headers'))
                l_2_part = missing
        l_1_rule = missing
    if (undefined(name='tls') if l_0_tls is missing else l_0_tls):
        pass
        note(175)
        for l_1_rule in (undefined(name='tls') if l_0_tls is missing else l_0_tls):
            _loop_vars = {}
            pass
            note(176)
            put(environment.getattr(l_1_rule, 'match'))
            for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                _loop_vars = {}
                pass
                note(177)
                put(environment.getattr(l_2_part, 'destination'))
                if (not t_1(environment.getattr(l_2_part, 'weight'))):
                    pass
                    note(178)
                    put(environment.getattr(l_2_part, 'weight'))
            l_2_part = missing
        l_1_rule = missing
    if (undefined(name='tcp') if l_0_tcp is missing else l_0_tcp):
        pass
        note(179)
        for l_1_rule in (undefined(name='tcp') if l_0_tcp is missing else l_0_tcp):
            _loop_vars = {}
            pass
            note(180)
            if environment.getattr(l_1_rule, 'match'):
                pass
                note(181)
                put(environment.getattr(l_1_rule, 'match'))
            note(182)
            for l_2_part in environment.getattr(l_1_rule, 'destinations'):
                _loop_vars = {}
                pass
                note(183)
                put(environment.getattr(l_2_part, 'destination'))
                if (not t_1(environment.getattr(l_2_part, 'weight'))):
                    pass
                    note(184)
                    put(environment.getattr(l_2_part, 'weight'))
            l_2_part = missing
        l_1_rule = missing


def template_1_24_waypoint(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
    l_0_metadata = resolve('metadata', missing)
    l_0_gatewayClassName = resolve('gatewayClassName', missing)
    l_0_listeners = resolve('listeners', missing)
    pass
    note(185)
    put((undefined(name='metadata') if l_0_metadata is missing else l_0_metadata))
    put((undefined(name='gatewayClassName') if l_0_gatewayClassName is missing else l_0_gatewayClassName))
    put((undefined(name='listeners') if l_0_listeners is missing else l_0_listeners))


def template_1_25_inject_metadata(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(186)
    put((undefined(name='tlsMode') if l_0_tlsMode is missing else l_0_tlsMode))
    if (undefined(name='hbone') if l_0_hbone is missing else l_0_hbone):
        pass
        note(187)
        put((undefined(name='tunnel') if l_0_tunnel is missing else l_0_tunnel))
    note(188)
    put((undefined(name='canonicalName') if l_0_canonicalName is missing else l_0_canonicalName))
    put((undefined(name='canonicalRevision') if l_0_canonicalRevision is missing else l_0_canonicalRevision))
    put((undefined(name='revision') if l_0_revision is missing else l_0_revision))
    if (undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer):
        pass
        if (not (undefined(name='hasDefaultLogsContainer') if l_0_hasDefaultLogsContainer is missing else l_0_hasDefaultLogsContainer)):
            pass
            note(189)
            put((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer))
        if (not (undefined(name='hasDefaultContainer') if l_0_hasDefaultContainer is missing else l_0_hasDefaultContainer)):
            pass
            note(190)
            put((undefined(name='firstContainer') if l_0_firstContainer is missing else l_0_firstContainer))
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        if (undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks):
            pass
            note(191)
            put((undefined(name='multusNetworks') if l_0_multusNetworks is missing else l_0_multusNetworks))
        note(192)
        put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
        if (undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges):
            pass
            note(193)
            put((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges))
        if (undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges):
            pass
            note(194)
            put((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges))
        note(195)
        put((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts))
        put((undefined(name='excludeInboundPorts') if l_0_excludeInboundPorts is missing else l_0_excludeInboundPorts))
        if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
            pass
            note(196)
            put((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))
        if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
            pass
            note(197)
            put((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))
        if (undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces):
            pass
            note(198)
            put((undefined(name='kubevirtInterfaces') if l_0_kubevirtInterfaces is missing else l_0_kubevirtInterfaces))
        if (undefined(name='rerouteInterfaces') if l_0_rerouteInterfaces is missing else l_0_rerouteInterfaces):
            pass
            note(199)
            put((undefined(name='rerouteInterfaces') if l_0_rerouteInterfaces is missing else l_0_rerouteInterfaces))
        if (undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces):
            pass
            note(200)
            put((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))


def template_1_26_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(201)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(202)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(203)
        put((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))
    note(204)
    put((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience))
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(205)
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            note(206)
        else:
            pass
            note(207)
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(208)
        put((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret))
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        note(209)
        put(l_1_volume)
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(210)


def template_1_27_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(211)
    put((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection))
    put((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage))
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        note(212)
        put((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy))
    note(213)
    put((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort))
    put((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort))
    put((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    put((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges))
    put((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges))
    put((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts))
    put((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts))
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        note(214)
        put((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        note(215)
        put((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        note(216)
        put(l_1_interfaces)
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        note(217)
        put((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))
    note(218)
    put((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument))
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        note(219)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(220)
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        note(221)
    if (undefined(name='nativeNftables') if l_0_nativeNftables is missing else l_0_nativeNftables):
        pass
        note(222)
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        note(223)
        put((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata))
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        note(224)
        put((undefined(name='resources') if l_0_resources is missing else l_0_resources))
    note(225)
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        note(226)
    note(227)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(228)
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    else:
        pass
        note(229)


def template_1_27_inject_mounts(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(230)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(231)
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(232)
    note(233)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(234)
    note(235)
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(236)
    note(237)
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(238)
        put((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))
    for l_1_mount in (undefined(name='userMounts') if l_0_userMounts is missing else l_0_userMounts):
        _loop_vars = {}
        pass
        note(239)
        put(l_1_mount)
    l_1_mount = missing


def template_1_27_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(240)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(241)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(242)
        put((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))
    note(243)
    put((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience))
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(244)
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            note(245)
            put((undefined(name='clusterTrustBundleName') if l_0_clusterTrustBundleName is missing else l_0_clusterTrustBundleName))
        else:
            pass
            note(246)
            put(((undefined(name='trustBundleName') if l_0_trustBundleName is missing else l_0_trustBundleName) or 'istio-ca-root-cert'))
    note(247)
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(248)
        put((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret))
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        note(249)
        put(l_1_volume)
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(250)


def template_1_28_inject_init(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(251)
    put((undefined(name='redirection') if l_0_redirection is missing else l_0_redirection))
    put((undefined(name='initImage') if l_0_initImage is missing else l_0_initImage))
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        note(252)
        put((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy))
    note(253)
    put((undefined(name='outboundPort') if l_0_outboundPort is missing else l_0_outboundPort))
    put((undefined(name='inboundPort') if l_0_inboundPort is missing else l_0_inboundPort))
    put((undefined(name='proxyUserText') if l_0_proxyUserText is missing else l_0_proxyUserText))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    put((undefined(name='includeOutboundIPRanges') if l_0_includeOutboundIPRanges is missing else l_0_includeOutboundIPRanges))
    put((undefined(name='excludeOutboundIPRanges') if l_0_excludeOutboundIPRanges is missing else l_0_excludeOutboundIPRanges))
    put((undefined(name='includeInboundPorts') if l_0_includeInboundPorts is missing else l_0_includeInboundPorts))
    put((undefined(name='unredirectedPorts') if l_0_unredirectedPorts is missing else l_0_unredirectedPorts))
    if (not t_1((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))):
        pass
        note(254)
        put((undefined(name='includeOutboundPorts') if l_0_includeOutboundPorts is missing else l_0_includeOutboundPorts))
    if (not t_1((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))):
        pass
        note(255)
        put((undefined(name='excludeOutboundPorts') if l_0_excludeOutboundPorts is missing else l_0_excludeOutboundPorts))
    for l_1_interfaces in (undefined(name='virtualInterfaces') if l_0_virtualInterfaces is missing else l_0_virtualInterfaces):
        _loop_vars = {}
        pass
        note(256)
        put(l_1_interfaces)
    l_1_interfaces = missing
    if (not t_1((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))):
        pass
        note(257)
        put((undefined(name='excludeInterfaces') if l_0_excludeInterfaces is missing else l_0_excludeInterfaces))
    note(258)
    put((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument))
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        note(259)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(260)
    elif (undefined(name='forceApplyIptables') if l_0_forceApplyIptables is missing else l_0_forceApplyIptables):
        pass
        note(261)
    if (undefined(name='nativeNftables') if l_0_nativeNftables is missing else l_0_nativeNftables):
        pass
        note(262)
    if (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        pass
        note(263)
        put((undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata))
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        note(264)
        put((undefined(name='resources') if l_0_resources is missing else l_0_resources))
    note(265)
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    if (not (undefined(name='cni') if l_0_cni is missing else l_0_cni)):
        pass
        note(266)
    note(267)
    if (undefined(name='cni') if l_0_cni is missing else l_0_cni):
        pass
        note(268)
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    else:
        pass
        note(269)
    if (undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile):
        pass
        note(270)
        put((undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile))


def template_1_28_inject_proxy(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(271)
    put((undefined(name='proxyImage') if l_0_proxyImage is missing else l_0_proxyImage))
    if (undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy):
        pass
        note(272)
        put((undefined(name='imagePullPolicy') if l_0_imagePullPolicy is missing else l_0_imagePullPolicy))
    if (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        note(273)
    note(274)
    put((undefined(name='domain') if l_0_domain is missing else l_0_domain))
    put((undefined(name='proxyLogArgument') if l_0_proxyLogArgument is missing else l_0_proxyLogArgument))
    put((undefined(name='proxyComponentLogArgument') if l_0_proxyComponentLogArgument is missing else l_0_proxyComponentLogArgument))
    put((undefined(name='agentLogArgument') if l_0_agentLogArgument is missing else l_0_agentLogArgument))
    if (undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument):
        pass
        note(275)
        put((undefined(name='stsArgument') if l_0_stsArgument is missing else l_0_stsArgument))
    if (undefined(name='logAsJson') if l_0_logAsJson is missing else l_0_logAsJson):
        pass
        note(276)
    if (undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument):
        pass
        note(277)
        put((undefined(name='outlierLogArgument') if l_0_outlierLogArgument is missing else l_0_outlierLogArgument))
    if (undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle):
        pass
        note(278)
        put((undefined(name='lifecycle') if l_0_lifecycle is missing else l_0_lifecycle))
    elif (undefined(name='holdApplication') if l_0_holdApplication is missing else l_0_holdApplication):
        pass
        note(279)
    elif (undefined(name='native') if l_0_native is missing else l_0_native):
        pass
        note(280)
        put((undefined(name='debugPortArgument') if l_0_debugPortArgument is missing else l_0_debugPortArgument))
    if (undefined(name='probed') if l_0_probed is missing else l_0_probed):
        pass
        if (not t_1((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))):
            pass
            note(281)
            put((undefined(name='startupFailureThreshold') if l_0_startupFailureThreshold is missing else l_0_startupFailureThreshold))
        note(282)
        put((undefined(name='readinessInitialDelaySeconds') if l_0_readinessInitialDelaySeconds is missing else l_0_readinessInitialDelaySeconds))
        put((undefined(name='readinessPeriodSeconds') if l_0_readinessPeriodSeconds is missing else l_0_readinessPeriodSeconds))
        put((undefined(name='readinessFailureThreshold') if l_0_readinessFailureThreshold is missing else l_0_readinessFailureThreshold))
    note(283)
    if (undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables):
        pass
        note(284)
    else:
        pass
        note(285)
        put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
        if (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities):
            pass
            note(286)
            put((undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities))
        note(287)
        put((undefined(name='privileged') if l_0_privileged is missing else l_0_privileged))
    note(288)
    put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    if ((undefined(name='traceIptables') if l_0_traceIptables is missing else l_0_traceIptables) or (undefined(name='addedCapabilities') if l_0_addedCapabilities is missing else l_0_addedCapabilities)):
        pass
        note(289)
    else:
        pass
        note(290)
        put((undefined(name='proxyUser') if l_0_proxyUser is missing else l_0_proxyUser))
    if (undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile):
        pass
        note(291)
        put((undefined(name='seccompProfile') if l_0_seccompProfile is missing else l_0_seccompProfile))
    if (undefined(name='resources') if l_0_resources is missing else l_0_resources):
        pass
        note(292)
        put((undefined(name='resources') if l_0_resources is missing else l_0_resources))


def template_1_29_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
        note(293)
    note(294)
    put((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider))
    put((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress))
    put((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig))
    put((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts))
    put((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers))
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        note(295)
        put((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy))
    note(296)
    put((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        note(297)
        put((undefined(name='network') if l_0_network is missing else l_0_network))
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        note(298)
        put((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName))
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        note(299)
        put((undefined(name='owner') if l_0_owner is missing else l_0_owner))
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(300)
    note(301)
    put((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId))
    put((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain))
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        note(302)
        put(l_1_variable)
    l_1_variable = missing
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        note(303)
        put(l_1_variable)
    l_1_variable = missing


def template_1_29_inject_volumes(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
    note(304)
    put((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates))
    if ((undefined(name='workloadCertificates') if l_0_workloadCertificates is missing else l_0_workloadCertificates) != 'workload-certs'):
        pass
        note(305)
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(306)
        put((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))
    note(307)
    put((undefined(name='tokenAudience') if l_0_tokenAudience is missing else l_0_tokenAudience))
    if (undefined(name='istiodCertificates') if l_0_istiodCertificates is missing else l_0_istiodCertificates):
        pass
        note(308)
        if (undefined(name='clusterTrustBundle') if l_0_clusterTrustBundle is missing else l_0_clusterTrustBundle):
            pass
            note(309)
            put((undefined(name='clusterTrustBundleName') if l_0_clusterTrustBundleName is missing else l_0_clusterTrustBundleName))
        else:
            pass
            note(310)
            put(((undefined(name='trustBundleName') if l_0_trustBundleName is missing else l_0_trustBundleName) or 'istio-ca-root-cert'))
    note(311)
    put((undefined(name='crlConfigMapName') if l_0_crlConfigMapName is missing else l_0_crlConfigMapName))
    if (undefined(name='mountMtlsCerts') if l_0_mountMtlsCerts is missing else l_0_mountMtlsCerts):
        pass
        note(312)
        put((undefined(name='mtlsSecret') if l_0_mtlsSecret is missing else l_0_mtlsSecret))
    for l_1_volume in (undefined(name='userVolumes') if l_0_userVolumes is missing else l_0_userVolumes):
        _loop_vars = {}
        pass
        note(313)
        put(l_1_volume)
    l_1_volume = missing
    if (not t_1((undefined(name='lightstepDirectory') if l_0_lightstepDirectory is missing else l_0_lightstepDirectory))):
        pass
        note(314)


def template_1_30_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
        note(315)
    note(316)
    put((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider))
    put((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress))
    put((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig))
    put((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts))
    put((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers))
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        note(317)
        put((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy))
    note(318)
    put((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        note(319)
        put((undefined(name='network') if l_0_network is missing else l_0_network))
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        note(320)
        put((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName))
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        note(321)
        put((undefined(name='owner') if l_0_owner is missing else l_0_owner))
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(322)
    note(323)
    put((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId))
    put((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain))
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        note(324)
        put(l_1_variable)
    l_1_variable = missing
    if (undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes):
        pass
        note(325)
        put((undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes))
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        note(326)
        put(l_1_variable)
    l_1_variable = missing


def template_1_31_inject_env(context, missing=missing, environment=environment):
    resolve = context.vars.get
    note = context.notes.append
    put = context.values.append
    undefined = environment.undefined
    concat = environment.concat
    cond_expr_undefined = Undefined
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
        note(327)
    note(328)
    put((undefined(name='pilotCertProvider') if l_0_pilotCertProvider is missing else l_0_pilotCertProvider))
    put((undefined(name='caAddress') if l_0_caAddress is missing else l_0_caAddress))
    put((undefined(name='proxyConfig') if l_0_proxyConfig is missing else l_0_proxyConfig))
    put((undefined(name='podPorts') if l_0_podPorts is missing else l_0_podPorts))
    put((undefined(name='appContainers') if l_0_appContainers is missing else l_0_appContainers))
    if (undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy):
        pass
        note(329)
        put((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy))
        if ((undefined(name='compliancePolicy') if l_0_compliancePolicy is missing else l_0_compliancePolicy) == 'fips-140-3'):
            pass
            note(330)
    note(331)
    put((undefined(name='clusterId') if l_0_clusterId is missing else l_0_clusterId))
    put((undefined(name='interceptionMode') if l_0_interceptionMode is missing else l_0_interceptionMode))
    if (undefined(name='network') if l_0_network is missing else l_0_network):
        pass
        note(332)
        put((undefined(name='network') if l_0_network is missing else l_0_network))
    if (undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName):
        pass
        note(333)
        put((undefined(name='workloadName') if l_0_workloadName is missing else l_0_workloadName))
    if (undefined(name='owner') if l_0_owner is missing else l_0_owner):
        pass
        note(334)
        put((undefined(name='owner') if l_0_owner is missing else l_0_owner))
    if (not t_1((undefined(name='bootstrapOverride') if l_0_bootstrapOverride is missing else l_0_bootstrapOverride))):
        pass
        note(335)
    note(336)
    put((undefined(name='meshId') if l_0_meshId is missing else l_0_meshId))
    put((undefined(name='trustDomain') if l_0_trustDomain is missing else l_0_trustDomain))
    for l_1_variable in (undefined(name='datadog') if l_0_datadog is missing else l_0_datadog):
        _loop_vars = {}
        pass
        note(337)
        put(l_1_variable)
    l_1_variable = missing
    if (undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes):
        pass
        note(338)
        put((undefined(name='otelAttributes') if l_0_otelAttributes is missing else l_0_otelAttributes))
    for l_1_variable in (undefined(name='proxyMetadata') if l_0_proxyMetadata is missing else l_0_proxyMetadata):
        _loop_vars = {}
        pass
        note(339)
        put(l_1_variable)
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
PIECES = (
    ('apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: ', '\nspec:\n'),
    ('  selector:\n    matchLabels: ', '\n'),
    ('  targetRefs: ', '\n'),
    ('  action: ALLOW\n',),
    ('  rules:\n  - from:\n',),
    ('    - source:\n        ', ': ', '\n'),
    ('apiVersion: v1\nkind: ConfigMap\nmetadata: ', '\ndata: ', ''),
    ('apiVersion: batch/v1\nkind: CronJob\nmetadata: ', '\nspec:\n  schedule: ', '\n'),
    ('  ', ': ', '\n'),
    ('  jobTemplate:\n    spec:\n',),
    ('      ', ': ', '\n'),
    ('      template: ', ''),
    ('apiVersion: apps/v1\nkind: DaemonSet\nmetadata: ', '\nspec:\n'),
    ('  ', ': ', '\n'),
    ('  selector:\n    matchLabels: ', '\n  template: ', ''),
    ('apiVersion: apps/v1\nkind: Deployment\nmetadata: ', '\nspec:\n'),
    ('  ', ': ', '\n'),
    ('  selector:\n    matchLabels: ', '\n  template: ', ''),
    ('apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: ', '\nspec:\n  host: ', '\n'),
    ('  exportTo: ', '\n'),
    ('  trafficPolicy: ', '\n'),
    ('  subsets:\n',),
    ('  - name: ', '\n    labels: ', '\n'),
    ('    trafficPolicy: ', '\n'),
    ('apiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\nmetadata: ', '\nspec:\n  parentRefs: ', '\n'),
    ('  hostnames: ', '\n'),
    ('  rules:\n',),
    ('  -\n',),
    ('    ', ': ', '\n'),
    ('apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: ', '\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: ', '\n    name: ', '\n  minReplicas: ', '\n  maxReplicas: ', '\n  metrics: ', '\n'),
    ('  behavior: ', '\n'),
    ('apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: ', '\nspec:\n  parentRefs: ', '\n'),
    ('  hostnames: ', '\n'),
    ('  rules:\n',),
    ('  -\n',),
    ('    ', ': ', '\n'),
    ('- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n',),
    ('- name: PILOT_CERT_PROVIDER\n  value: ', '\n- name: CA_ADDR\n  value: ', '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "0"}}\n- name: PROXY_CONFIG\n  value: ', '\n- name: ISTIO_META_POD_PORTS\n  value: ', '\n- name: ISTIO_META_APP_CONTAINERS\n  value: ', '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "0"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "0"}}\n'),
    ('- name: COMPLIANCE_POLICY\n  value: ', '\n'),
    ('- name: ISTIO_META_CLUSTER_ID\n  value: ', '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: ', '\n'),
    ('- name: ISTIO_META_NETWORK\n  value: ', '\n'),
    ('- name: ISTIO_META_WORKLOAD_NAME\n  value: ', '\n'),
    ('- name: ISTIO_META_OWNER\n  value: ', '\n'),
    ('- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n',),
    ('- name: ISTIO_META_MESH_ID\n  value: ', '\n- name: TRUST_DOMAIN\n  value: ', '\n'),
    ('- ', '\n'),
    ('- ', '\n'),
    ('name: ', '\nimage: ', '\n'),
    ('imagePullPolicy: ', '\n'),
    ('args:\n  - istio-iptables\n  - -p\n  - ', '\n  - -z\n  - ', '\n  - -u\n  - ', '\n  - -m\n  - ', '\n  - -i\n  - ', '\n  - -x\n  - ', '\n  - -b\n  - ', '\n  - -d\n  - ', '\n'),
    ('  - -q\n  - ', '\n'),
    ('  - -o\n  - ', '\n'),
    ('  - -k\n  - ', '\n'),
    ('  - -c\n  - ', '\n'),
    ('  - ', '\n'),
    ('  - --log_as_json\n',),
    ('  - --run-validation\n  - --skip-rule-apply\n',),
    ('  - --force-apply\n',),
    ('env: ', '\n'),
    ('resources: ', '\n'),
    ('securityContext:\n  allowPrivilegeEscalation: ', '\n  privileged: ', '\n  capabilities:\n'),
    ('    add: [NET_ADMIN, NET_RAW]\n',),
    ('    drop: [ALL]\n',),
    ('  readOnlyRootFilesystem: true\n  runAsGroup: ', '\n  runAsUser: ', '\n  runAsNonRoot: true\n'),
    ('  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n',),
    ('labels:\n  security.istio.io/tlsMode: ', '\n'),
    ('  networking.istio.io/tunnel: ', '\n'),
    ('  service.istio.io/canonical-name: ', '\n  service.istio.io/canonical-revision: ', '\nannotations:\n  istio.io/rev: ', '\n'),
    ('  kubectl.kubernetes.io/default-logs-container: ', '\n'),
    ('  kubectl.kubernetes.io/default-container: ', '\n'),
    ('  k8s.v1.cni.cncf.io/networks: ', '\n'),
    ('  sidecar.istio.io/interceptionMode: ', '\n'),
    ('  traffic.sidecar.istio.io/includeOutboundIPRanges: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeOutboundIPRanges: ', '\n'),
    ('  traffic.sidecar.istio.io/includeInboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeInboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/includeOutboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeOutboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/kubevirtInterfaces: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeInterfaces: ', '\n'),
    ('- mountPath: /var/run/secrets/workload-spiffe-uds\n  name: workload-socket\n- mountPath: /var/run/secrets/credential-uds\n  name: credential-socket\n- mountPath: /var/run/secrets/workload-spiffe-credentials\n  name: ', '\n'),
    ('  readOnly: true\n',),
    ('- mountPath: /var/run/secrets/istio\n  name: istiod-ca-cert\n',),
    ('- mountPath: /var/lib/istio/data\n  name: istio-data\n',),
    ('- mountPath: /etc/istio/custom-bootstrap\n  name: custom-bootstrap-volume\n',),
    ('- mountPath: /etc/istio/proxy\n  name: istio-envoy\n- mountPath: /var/run/secrets/tokens\n  name: istio-token\n',),
    ('- mountPath: /etc/certs/\n  name: istio-certs\n  readOnly: true\n',),
    ('- mountPath: /etc/istio/pod\n  name: istio-podinfo\n',),
    ('- mountPath: ', '\n  name: lightstep-certs\n  readOnly: true\n'),
    ('- ', '\n'),
    ('name: istio-proxy\nimage: ', '\n'),
    ('imagePullPolicy: ', '\n'),
    ('restartPolicy: Always\n',),
    ('ports:\n  - containerPort: 15090\n    protocol: TCP\n    name: http-envoy-prom\nargs:\n  - proxy\n  - sidecar\n  - --domain\n  - ', '\n  - ', '\n  - ', '\n  - ', '\n'),
    ('  - ', '\n'),
    ('  - --log_as_json\n',),
    ('  - ', '\n'),
    ('lifecycle: ', '\n'),
    ('lifecycle:\n  postStart:\n    exec:\n      command: [pilot-agent, wait]\n',),
    ('lifecycle:\n  preStop:\n    exec:\n      command:\n        - pilot-agent\n        - request\n        - ', '\n        - POST\n        - drain\n'),
    ('startupProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: 0\n  periodSeconds: 1\n  timeoutSeconds: 3\n  failureThreshold: ', '\n'),
    ('readinessProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: ', '\n  periodSeconds: ', '\n  timeoutSeconds: 3\n  failureThreshold: ', '\n'),
    ('securityContext:\n',),
    ('  allowPrivilegeEscalation: true\n  capabilities:\n    add: [NET_ADMIN]\n    drop: [ALL]\n  privileged: true\n',),
    ('  allowPrivilegeEscalation: ', '\n  capabilities:\n'),
    ('    add: ', '\n'),
    ('    drop: [ALL]\n  privileged: ', '\n'),
    ('  readOnlyRootFilesystem: true\n  runAsGroup: ', '\n'),
    ('  runAsNonRoot: false\n  runAsUser: 0\n',),
    ('  runAsNonRoot: true\n  runAsUser: ', '\n'),
    ('resources: ', '\n'),
    ('- name: workload-socket\n- name: credential-socket\n- name: ', '\n'),
    ('  csi: {driver: workloadcertificates.security.cloud.google.com}\n',),
    ('- name: custom-bootstrap-volume\n  configMap:\n    name: ', '\n'),
    ('- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: ', '\n'),
    ('- name: istiod-ca-cert\n  configMap:\n    name: istio-ca-root-cert\n',),
    ('- name: istio-certs\n  secret:\n    optional: true\n    secretName: ', '\n'),
    ('- ', '\n'),
    ('- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n',),
    ('apiVersion: batch/v1\nkind: Job\nmetadata: ', '\nspec:\n'),
    ('  ', ': ', '\n'),
    ('  template: ', ''),
    ('apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: ', '\nspec:\n  gatewayClassName: ', '\n  listeners: ', ''),
    ('apiVersion: v1\nkind: Namespace\nmetadata: ', ''),
    ('apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: ', '\nspec:\n  selector:\n    matchLabels: ', '\n  mtls:\n    mode: ', ''),
    ('metadata:\n  labels: ', '\n'),
    ('  annotations: ', '\n'),
    ('spec:\n',),
    ('  serviceAccountName: ', '\n'),
    ('  ', ': ', '\n'),
    ('  initContainers: ', '\n'),
    ('  containers:\n  - name: ', '\n    image: ', '\n'),
    ('    ', ': ', '\n'),
    ('  - ', '\n'),
    ('  volumes: ', '\n'),
    ('apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: ', '\nspec:\n'),
    ('  ', ': ', '\n'),
    ('  selector:\n    matchLabels: ', ''),
    ('apiVersion: v1\nkind: Service\nmetadata: ', '\nspec:\n'),
    ('  ', ': ', '\n'),
    ('  selector: ', '\n'),
    ('  ports:\n',),
    ('  - name: ', '\n    port: ', '\n    targetPort: ', '\n'),
    ('    nodePort: ', '\n'),
    ('    protocol: ', '\n'),
    ('    appProtocol: ', '\n'),
    ('apiVersion: v1\nkind: ServiceAccount\nmetadata: ', ''),
    ('apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: ', '\nspec:\n  hosts: ', '\n'),
    ('  addresses: ', '\n'),
    ('  location: ', '\n  resolution: ', '\n  ports:\n'),
    ('  - number: ', '\n    name: ', '\n    protocol: ', '\n'),
    ('    targetPort: ', '\n'),
    ('  endpoints: ', '\n'),
    ('  workloadSelector: ', '\n'),
    ('  subjectAltNames: ', '\n'),
    ('  exportTo: ', '\n'),
    ('apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: ', '\nspec:\n  workloadSelector:\n    labels: ', '\n  egress:\n  - hosts: ', ''),
    ('apiVersion: apps/v1\nkind: StatefulSet\nmetadata: ', '\nspec:\n  serviceName: ', '\n'),
    ('  ', ': ', '\n'),
    ('  selector:\n    matchLabels: ', '\n  template: ', ''),
    ('apiVersion: ', '\nkind: TCPRoute\nmetadata: ', '\nspec:\n  parentRefs: ', '\n  rules:\n  - backendRefs: ', ''),
    ('apiVersion: ', '\nkind: TLSRoute\nmetadata: ', '\nspec:\n  parentRefs: ', '\n'),
    ('  hostnames: ', '\n'),
    ('  rules:\n  - backendRefs: ', ''),
    ('apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: ', '\nspec:\n  hosts: ', '\n'),
    ('  gateways: ', '\n'),
    ('  exportTo: ', '\n'),
    ('  http:\n',),
    ('  - name: ', '\n'),
    ('    match: ', '\n'),
    ('    ', ': ', '\n'),
    ('    route:\n',),
    ('    - destination: ', '\n'),
    ('      weight: ', '\n'),
    ('      headers: ', '\n'),
    ('  tls:\n',),
    ('  - match: ', '\n    route:\n'),
    ('    - destination: ', '\n'),
    ('      weight: ', '\n'),
    ('  tcp:\n',),
    ('  -\n',),
    ('    match: ', '\n'),
    ('    route:\n',),
    ('    - destination: ', '\n'),
    ('      weight: ', '\n'),
    ('apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: ', '\nspec:\n  gatewayClassName: ', '\n  listeners: ', ''),
    ('labels:\n  security.istio.io/tlsMode: ', '\n'),
    ('  networking.istio.io/tunnel: ', '\n'),
    ('  service.istio.io/canonical-name: ', '\n  service.istio.io/canonical-revision: ', '\nannotations:\n  istio.io/rev: ', '\n'),
    ('  kubectl.kubernetes.io/default-logs-container: ', '\n'),
    ('  kubectl.kubernetes.io/default-container: ', '\n'),
    ('  k8s.v1.cni.cncf.io/networks: ', '\n'),
    ('  sidecar.istio.io/interceptionMode: ', '\n'),
    ('  traffic.sidecar.istio.io/includeOutboundIPRanges: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeOutboundIPRanges: ', '\n'),
    ('  traffic.sidecar.istio.io/includeInboundPorts: ', '\n  traffic.sidecar.istio.io/excludeInboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/includeOutboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeOutboundPorts: ', '\n'),
    ('  traffic.sidecar.istio.io/kubevirtInterfaces: ', '\n'),
    ('  istio.io/reroute-virtual-interfaces: ', '\n'),
    ('  traffic.sidecar.istio.io/excludeInterfaces: ', '\n'),
    ('- name: workload-socket\n- name: credential-socket\n- name: ', '\n'),
    ('  csi: {driver: workloadcertificates.security.cloud.google.com}\n',),
    ('- name: custom-bootstrap-volume\n  configMap:\n    name: ', '\n'),
    ('- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: ', '\n'),
    ('- name: istiod-ca-cert\n',),
    ('  projected:\n    sources:\n      - clusterTrustBundle:\n          name: istio.io:istiod-ca:root-cert\n          path: root-cert.pem\n',),
    ('  configMap:\n    name: istio-ca-root-cert\n',),
    ('- name: istio-certs\n  secret:\n    optional: true\n    secretName: ', '\n'),
    ('- ', '\n'),
    ('- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n',),
    ('name: ', '\nimage: ', '\n'),
    ('imagePullPolicy: ', '\n'),
    ('args:\n  - istio-iptables\n  - -p\n  - ', '\n  - -z\n  - ', '\n  - -u\n  - ', '\n  - -m\n  - ', '\n  - -i\n  - ', '\n  - -x\n  - ', '\n  - -b\n  - ', '\n  - -d\n  - ', '\n'),
    ('  - -q\n  - ', '\n'),
    ('  - -o\n  - ', '\n'),
    ('  - -k\n  - ', '\n'),
    ('  - -c\n  - ', '\n'),
    ('  - ', '\n'),
    ('  - --log_as_json\n',),
    ('  - --run-validation\n  - --skip-rule-apply\n',),
    ('  - --force-apply\n',),
    ('  - --native-nftables\n',),
    ('env: ', '\n'),
    ('resources: ', '\n'),
    ('securityContext:\n  allowPrivilegeEscalation: ', '\n  privileged: ', '\n  capabilities:\n'),
    ('    add: [NET_ADMIN, NET_RAW]\n',),
    ('    drop: [ALL]\n',),
    ('  readOnlyRootFilesystem: true\n  runAsGroup: ', '\n  runAsUser: ', '\n  runAsNonRoot: true\n'),
    ('  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n',),
    ('- mountPath: /var/run/secrets/workload-spiffe-uds\n  name: workload-socket\n- mountPath: /var/run/secrets/credential-uds\n  name: credential-socket\n- mountPath: /var/run/secrets/workload-spiffe-credentials\n  name: ', '\n'),
    ('  readOnly: true\n',),
    ('- mountPath: /var/run/secrets/istio\n  name: istiod-ca-cert\n- mountPath: /var/run/secrets/istio/crl\n  name: istio-ca-crl\n',),
    ('- mountPath: /var/lib/istio/data\n  name: istio-data\n',),
    ('- mountPath: /etc/istio/custom-bootstrap\n  name: custom-bootstrap-volume\n',),
    ('- mountPath: /etc/istio/proxy\n  name: istio-envoy\n- mountPath: /var/run/secrets/tokens\n  name: istio-token\n',),
    ('- mountPath: /etc/certs/\n  name: istio-certs\n  readOnly: true\n',),
    ('- mountPath: /etc/istio/pod\n  name: istio-podinfo\n',),
    ('- mountPath: ', '\n  name: lightstep-certs\n  readOnly: true\n'),
    ('- ', '\n'),
    ('- name: workload-socket\n- name: credential-socket\n- name: ', '\n'),
    ('  csi: {driver: workloadcertificates.security.cloud.google.com}\n',),
    ('- name: custom-bootstrap-volume\n  configMap:\n    name: ', '\n'),
    ('- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: ', '\n'),
    ('- name: istiod-ca-cert\n',),
    ('  projected:\n    sources:\n      - clusterTrustBundle:\n          name: ', '\n          path: root-cert.pem\n'),
    ('  configMap:\n    name: ', '\n'),
    ('- name: istio-ca-crl\n  configMap:\n    name: istio-ca-crl\n    optional: true\n',),
    ('- name: istio-certs\n  secret:\n    optional: true\n    secretName: ', '\n'),
    ('- ', '\n'),
    ('- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n',),
    ('name: ', '\nimage: ', '\n'),
    ('imagePullPolicy: ', '\n'),
    ('args:\n  - istio-iptables\n  - -p\n  - ', '\n  - -z\n  - ', '\n  - -u\n  - ', '\n  - -m\n  - ', '\n  - -i\n  - ', '\n  - -x\n  - ', '\n  - -b\n  - ', '\n  - -d\n  - ', '\n'),
    ('  - -q\n  - ', '\n'),
    ('  - -o\n  - ', '\n'),
    ('  - -k\n  - ', '\n'),
    ('  - -c\n  - ', '\n'),
    ('  - ', '\n'),
    ('  - --log_as_json\n',),
    ('  - --run-validation\n  - --skip-rule-apply\n',),
    ('  - --force-apply\n',),
    ('  - --native-nftables\n',),
    ('env: ', '\n'),
    ('resources: ', '\n'),
    ('securityContext:\n  allowPrivilegeEscalation: ', '\n  privileged: ', '\n  capabilities:\n'),
    ('    add: [NET_ADMIN, NET_RAW]\n',),
    ('    drop: [ALL]\n',),
    ('  readOnlyRootFilesystem: true\n  runAsGroup: ', '\n  runAsUser: ', '\n  runAsNonRoot: true\n'),
    ('  readOnlyRootFilesystem: false\n  runAsGroup: 0\n  runAsUser: 0\n  runAsNonRoot: false\n',),
    ('  seccompProfile: ', '\n'),
    ('name: istio-proxy\nimage: ', '\n'),
    ('imagePullPolicy: ', '\n'),
    ('restartPolicy: Always\n',),
    ('ports:\n  - containerPort: 15090\n    protocol: TCP\n    name: http-envoy-prom\nargs:\n  - proxy\n  - sidecar\n  - --domain\n  - ', '\n  - ', '\n  - ', '\n  - ', '\n'),
    ('  - ', '\n'),
    ('  - --log_as_json\n',),
    ('  - ', '\n'),
    ('lifecycle: ', '\n'),
    ('lifecycle:\n  postStart:\n    exec:\n      command: [pilot-agent, wait]\n',),
    ('lifecycle:\n  preStop:\n    exec:\n      command:\n        - pilot-agent\n        - request\n        - ', '\n        - POST\n        - drain\n'),
    ('startupProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: 0\n  periodSeconds: 1\n  timeoutSeconds: 3\n  failureThreshold: ', '\n'),
    ('readinessProbe:\n  httpGet:\n    path: /healthz/ready\n    port: 15021\n  initialDelaySeconds: ', '\n  periodSeconds: ', '\n  timeoutSeconds: 3\n  failureThreshold: ', '\n'),
    ('securityContext:\n',),
    ('  allowPrivilegeEscalation: true\n  capabilities:\n    add: [NET_ADMIN]\n    drop: [ALL]\n  privileged: true\n',),
    ('  allowPrivilegeEscalation: ', '\n  capabilities:\n'),
    ('    add: ', '\n'),
    ('    drop: [ALL]\n  privileged: ', '\n'),
    ('  readOnlyRootFilesystem: true\n  runAsGroup: ', '\n'),
    ('  runAsNonRoot: false\n  runAsUser: 0\n',),
    ('  runAsNonRoot: true\n  runAsUser: ', '\n'),
    ('  seccompProfile: ', '\n'),
    ('resources: ', '\n'),
    ('- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n',),
    ('- name: PILOT_CERT_PROVIDER\n  value: ', '\n- name: CA_ADDR\n  value: ', '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: ', '\n- name: ISTIO_META_POD_PORTS\n  value: ', '\n- name: ISTIO_META_APP_CONTAINERS\n  value: ', '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'),
    ('- name: COMPLIANCE_POLICY\n  value: ', '\n'),
    ('- name: ISTIO_META_CLUSTER_ID\n  value: ', '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: ', '\n'),
    ('- name: ISTIO_META_NETWORK\n  value: ', '\n'),
    ('- name: ISTIO_META_WORKLOAD_NAME\n  value: ', '\n'),
    ('- name: ISTIO_META_OWNER\n  value: ', '\n'),
    ('- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n',),
    ('- name: ISTIO_META_MESH_ID\n  value: ', '\n- name: TRUST_DOMAIN\n  value: ', '\n'),
    ('- ', '\n'),
    ('- ', '\n'),
    ('- name: workload-socket\n- name: credential-socket\n- name: ', '\n'),
    ('  csi: {driver: workloadcertificates.security.cloud.google.com}\n',),
    ('- name: custom-bootstrap-volume\n  configMap:\n    name: ', '\n'),
    ('- name: istio-envoy\n  emptyDir:\n    medium: Memory\n- name: istio-data\n  emptyDir: {}\n- name: istio-podinfo\n  downwardAPI:\n    items:\n      - path: labels\n        fieldRef: {fieldPath: metadata.labels}\n      - path: annotations\n        fieldRef: {fieldPath: metadata.annotations}\n- name: istio-token\n  projected:\n    sources:\n      - serviceAccountToken:\n          path: istio-token\n          expirationSeconds: 43200\n          audience: ', '\n'),
    ('- name: istiod-ca-cert\n',),
    ('  projected:\n    sources:\n      - clusterTrustBundle:\n          name: ', '\n          path: root-cert.pem\n'),
    ('  configMap:\n    name: ', '\n'),
    ('- name: istio-ca-crl\n  configMap:\n    name: ', '\n    optional: true\n'),
    ('- name: istio-certs\n  secret:\n    optional: true\n    secretName: ', '\n'),
    ('- ', '\n'),
    ('- name: lightstep-certs\n  secret: {optional: true, secretName: lightstep.cacert}\n',),
    ('- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n',),
    ('- name: PILOT_CERT_PROVIDER\n  value: ', '\n- name: CA_ADDR\n  value: ', '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: ', '\n- name: ISTIO_META_POD_PORTS\n  value: ', '\n- name: ISTIO_META_APP_CONTAINERS\n  value: ', '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'),
    ('- name: COMPLIANCE_POLICY\n  value: ', '\n'),
    ('- name: ISTIO_META_CLUSTER_ID\n  value: ', '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: ', '\n'),
    ('- name: ISTIO_META_NETWORK\n  value: ', '\n'),
    ('- name: ISTIO_META_WORKLOAD_NAME\n  value: ', '\n'),
    ('- name: ISTIO_META_OWNER\n  value: ', '\n'),
    ('- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n',),
    ('- name: ISTIO_META_MESH_ID\n  value: ', '\n- name: TRUST_DOMAIN\n  value: ', '\n'),
    ('- ', '\n'),
    ('- name: OTEL_RESOURCE_ATTRIBUTES\n  value: ', '\n'),
    ('- ', '\n'),
    ('- name: REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION\n  value: "true"\n',),
    ('- name: PILOT_CERT_PROVIDER\n  value: ', '\n- name: CA_ADDR\n  value: ', '\n- name: POD_NAME\n  valueFrom: {fieldRef: {fieldPath: metadata.name}}\n- name: POD_NAMESPACE\n  valueFrom: {fieldRef: {fieldPath: metadata.namespace}}\n- name: INSTANCE_IP\n  valueFrom: {fieldRef: {fieldPath: status.podIP}}\n- name: SERVICE_ACCOUNT\n  valueFrom: {fieldRef: {fieldPath: spec.serviceAccountName}}\n- name: HOST_IP\n  valueFrom: {fieldRef: {fieldPath: status.hostIP}}\n- name: ISTIO_CPU_LIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n- name: PROXY_CONFIG\n  value: ', '\n- name: ISTIO_META_POD_PORTS\n  value: ', '\n- name: ISTIO_META_APP_CONTAINERS\n  value: ', '\n- name: GOMEMLIMIT\n  valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: "1"}}\n- name: GOMAXPROCS\n  valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: "1"}}\n'),
    ('- name: COMPLIANCE_POLICY\n  value: ', '\n'),
    ('- name: GODEBUG\n  value: fips140=only\n',),
    ('- name: ISTIO_META_CLUSTER_ID\n  value: ', '\n- name: ISTIO_META_NODE_NAME\n  valueFrom: {fieldRef: {fieldPath: spec.nodeName}}\n- name: ISTIO_META_INTERCEPTION_MODE\n  value: ', '\n'),
    ('- name: ISTIO_META_NETWORK\n  value: ', '\n'),
    ('- name: ISTIO_META_WORKLOAD_NAME\n  value: ', '\n'),
    ('- name: ISTIO_META_OWNER\n  value: ', '\n'),
    ('- name: ISTIO_BOOTSTRAP_OVERRIDE\n  value: /etc/istio/custom-bootstrap/custom_bootstrap.json\n',),
    ('- name: ISTIO_META_MESH_ID\n  value: ', '\n- name: TRUST_DOMAIN\n  value: ', '\n'),
    ('- ', '\n'),
    ('- name: OTEL_RESOURCE_ATTRIBUTES\n  value: ', '\n'),
    ('- ', '\n'),
)
"""What each run of a template writes: the texts before, between and behind its values."""
