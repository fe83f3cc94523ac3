from django.urls import path

from tanheng_web.inventory.recalculation import views

urlpatterns = [
    path("recalculation/", views.recalculations, name="recalculations"),
    path("recalculation/new/", views.recalculation_new, name="recalculation-new"),
    path("recalculation/<int:recalculation>/", views.recalculation_page, name="recalculation"),
    path("recalculation/<int:recalculation>/decide/", views.recalculation_decide, name="recalculation-decide"),
]
