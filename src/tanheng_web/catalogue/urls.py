from tanheng_web.catalogue.standards.urls import urlpatterns as standards

app_name = "catalogue"

urlpatterns = [*standards]
