"""我的."""

from tanheng_web.common.models import AuditEntry


def test_name_and_address_are_changed_and_logged(sign_in, world):
    client = sign_in("viewer")
    assert "示范钢铁" in client.get("/profile/").text
    assert client.post("/profile/", {"display_name": " 李四 ", "email": "li@example.cn"}).status_code == 302
    world.people["viewer"].refresh_from_db()
    assert (world.people["viewer"].display_name, world.people["viewer"].email) == ("李四", "li@example.cn")
    assert AuditEntry.objects.get(action="user.profile").data["display_name"] == ["viewer", "李四"]
    assert "李四" in client.get("/profile/").text


def test_wrong_input_is_said_and_kept(sign_in, world):
    answer = sign_in("viewer").post("/profile/", {"display_name": "", "email": "nobody"})
    assert answer.status_code == 422
    assert "请填写姓名" in answer.text
    assert "应如 zhang@example.cn" in answer.text
    assert 'value="nobody"' in answer.text
    assert 'aria-label="viewer，个人菜单"' in answer.text, "the frame still shows the name that is saved"
