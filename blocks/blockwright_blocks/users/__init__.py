"""Blocks about the users of an app: one module per kind of thing that they do."""

from blockwright_blocks.users.accounts import (
    find_user,
    find_user_by_id,
    register_user,
    remove_user,
    update_user,
)
from blockwright_blocks.users.confirmation import create_confirmation_link, resend_confirmation_email
from blockwright_blocks.users.current import (
    get_current_user,
    get_current_user_token,
    is_valid_user_session,
    set_current_user,
    set_current_user_token,
)
from blockwright_blocks.users.passwords import restore_password, verify_current_user_password
from blockwright_blocks.users.roles import (
    assign_role,
    get_roles_of_user,
    get_user_roles,
    get_users_by_role,
    unassign_role,
)
from blockwright_blocks.users.search import count_users, describe_users, find_users
from blockwright_blocks.users.sessions import log_in, log_in_as_guest, log_in_by_object_id, log_out_current_user
from blockwright_blocks.users.statuses import disable_user, enable_user

BLOCKS = (
    register_user,
    log_in,
    log_in_as_guest,
    log_in_by_object_id,
    log_out_current_user,
    is_valid_user_session,
    get_current_user,
    set_current_user,
    get_current_user_token,
    set_current_user_token,
    find_user,
    find_user_by_id,
    find_users,
    count_users,
    update_user,
    remove_user,
    restore_password,
    verify_current_user_password,
    resend_confirmation_email,
    create_confirmation_link,
    get_user_roles,
    get_roles_of_user,
    get_users_by_role,
    assign_role,
    unassign_role,
    enable_user,
    disable_user,
    describe_users,
)
