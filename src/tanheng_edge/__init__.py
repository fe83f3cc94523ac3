"""碳衡采集端: the collector agent for a gateway beside the meters.

It will stand on `tanheng.kernel` alone (import-linter holds the contract). No connector is built yet:
docs/conformance.md lists them as planned.
"""
