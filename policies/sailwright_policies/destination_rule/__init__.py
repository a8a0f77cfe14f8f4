"""DestinationRules: subsets, load balancing, pools, outlier detection and TLS towards a host."""
