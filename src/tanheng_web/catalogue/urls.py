from tanheng_web.catalogue.factors.urls import urlpatterns as factors
from tanheng_web.catalogue.materials.urls import urlpatterns as materials
from tanheng_web.catalogue.processes.urls import urlpatterns as processes
from tanheng_web.catalogue.standards.urls import urlpatterns as standards

app_name = "catalogue"

urlpatterns = [*factors, *materials, *processes, *standards]
