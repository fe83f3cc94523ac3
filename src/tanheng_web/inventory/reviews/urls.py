from django.urls import path

from tanheng_web.inventory.reviews import views

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<int:review>/", views.review_page, name="review"),
    path("reviews/<int:review>/check/", views.check, name="review-check"),
    path("reviews/<int:review>/comment/", views.comment, name="review-comment"),
    path("reviews/<int:review>/conclude/", views.conclude, name="review-conclude"),
    path("reviews/comments/<int:comment>/answer/", views.answer, name="review-answer"),
    path("<int:run>/review/", views.open_review, name="review-open"),
]
