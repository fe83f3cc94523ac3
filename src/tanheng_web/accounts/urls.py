from django.urls import path

from tanheng_web.accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.LoginView.as_view(), name="login"),
    path("logout/", views.logout_now, name="logout"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.password, name="password"),
    path("invitations/<int:invitation>/", views.invitation_answer, name="invitation-answer"),
]
