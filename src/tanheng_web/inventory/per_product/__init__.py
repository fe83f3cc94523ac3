"""单位产品: all site data of a result per tonne of main product."""
