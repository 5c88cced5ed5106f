"""Where each of the "rules that prevent disasters" is tried; each of these fails without its rule.

`@` stands for: on every screen where artifacts are decided (inbox, review, focus, a member of a
group, a group, a look, triage), as far as the rule concerns it.

A decision key does nothing until what it refers to has been on screen for 250 ms
    test_rules_seen.test_what_was_just_drawn_is_neither_decided_nor_moved @
    test_rules_seen.test_each_artifact_has_its_own_250_ms
    test_rules_seen.test_a_confirm_typed_ahead_confirms_nothing_in_any_dialog
    test_deciding.test_review_decides_nothing_while_no_line_of_the_diff_is_drawn
    test_inbox.test_a_screen_too_small_to_draw_anything_approves_nothing
    test_groups.test_nothing_is_decided_while_no_member_is_on_screen
    test_triage.test_a_row_that_is_cut_off_is_not_acted_on
    test_palette.test_what_is_typed_ahead_into_the_palette_decides_nothing

Marks never survive out of sight
    test_inbox_marks.test_marks_that_go_out_of_sight_are_taken_away_and_said
    test_rules_changes.test_another_view_takes_hidden_marks_away_and_says_so
    test_rules_changes.test_marks_further_away_are_counted
    test_groups_outliers.test_who_is_decided_or_claimed_meanwhile_drops_out_and_it_is_said

A decision on many lists exactly what it touches, and acts on those ids and digests only
    test_rules_changes.test_exactly_what_was_listed_is_touched @
    test_rules_changes.test_a_single_mark_is_listed_and_decided_wherever_the_cursor_is
    test_deciding.test_a_bulk_decision_lists_and_acts_on_exactly_those_digests
    test_deciding.test_what_is_decided_elsewhere_is_struck_out_of_the_open_bulk_dialog
    test_groups_outliers.test_new_members_are_told_and_not_decided
    test_groups_outliers.test_an_outlier_is_left_out_until_it_was_looked_at_and_taken_in

The confirm key is never the action's own key, nor Enter
    test_rules_confirm.test_neither_enter_nor_the_key_that_opened_it_confirms_any_dialog
    test_rules_confirm.test_no_keymap_makes_a_deciding_key_confirm
    test_palette.test_enter_in_the_palette_never_approves
    test_edit_screen.test_an_edit_is_decided_as_it_was_typed

Reject and decisions on many ask for a reason
    test_deciding.test_a_reject_needs_a_reason_and_says_so
    test_rules_confirm.test_many_are_decided_only_with_a_reason

One key must never be able to destroy work
    test_rules_confirm.test_whatever_a_single_key_decides_can_be_taken_back @
    test_rules_confirm.test_an_edit_that_is_taken_back_is_a_draft_again
    test_groups.test_leaving_a_look_decides_nothing_and_a_look_decides_nothing
    test_rules_changes.test_a_look_claims_nothing_and_drops_who_was_replaced

Every decision waits for an undo window, shown as a countdown; u takes back the last one
    test_rules_confirm.test_the_window_is_counted_down_everywhere_and_u_takes_it_back @
    test_rules_confirm.test_of_two_decisions_u_takes_back_the_last_one_first
    test_undo.test_after_a_snooze_u_takes_back_no_earlier_decision
    test_groups.test_all_that_are_alike_are_decided_as_one_after_looks_and_taken_back_as_one

What changes under the reviewer is said, shown, and refused until it has been seen
    test_rules_changes.test_a_new_revision_is_said_and_refused_until_it_was_seen @
    test_rules_changes.test_a_claim_that_is_lost_is_said_and_what_follows_is_refused @
    test_rules_changes.test_what_another_claims_is_refused_on_a_list
    test_rules_changes.test_another_artifact_under_the_cursor_has_to_be_seen_first
    test_rules_changes.test_what_changed_while_the_question_was_open_is_refused
    test_triage.test_what_changed_under_the_cursor_must_be_seen_again
    test_groups_outliers.test_a_change_under_the_reviewer_has_to_be_seen_first
    test_groups_outliers.test_who_changes_while_looks_are_taken_is_replaced_and_left_out
    test_edit_revised.test_a_new_revision_under_an_edit_is_said_and_nothing_is_sent
    test_edit_revised.test_what_others_decide_under_an_edit_is_said_and_the_draft_stays
    test_palette.test_the_palette_approves_what_it_named_and_nothing_else

Viewed marks are keyed by content digest
    test_review.test_viewed_marks_go_by_content
    test_session.test_viewed_marks_belong_to_content

Approve is disabled, with the reason, while flagged lines have not been seen
    test_rules_flags.test_hidden_text_that_nobody_saw_is_not_approved @
    test_rules_flags.test_many_are_approved_without_those_that_hide_something
    test_rules_flags.test_an_edit_sends_nothing_hidden_that_nobody_saw
    test_flag_watch.test_a_flagged_line_far_below
    test_flag_watch.test_a_flagged_place_far_to_the_right
    test_groups_outliers.test_flagged_text_is_lifted_out

Disabled actions stay visible and say why
    test_rules_flags.test_what_is_not_possible_stays_visible_and_says_why @
    test_rules_flags.test_what_the_agent_does_not_allow_stays_visible_and_says_why

The agent's own summary is marked as its claim; the assistant's opinion stays hidden
    test_rules_flags.test_the_agents_summary_is_nowhere_without_saying_whose_it_is @
    test_rules_flags.test_nobody_elses_opinion_is_shown_or_recorded_as_seen

Drafts survive a crash, a lost claim and a lost connection
    test_edit_killed.test_an_edit_survives_a_desk_that_is_killed
    test_edit_revised.test_a_lost_claim_leaves_the_draft_and_the_screen
    test_edit_revised.test_an_edit_that_the_queue_cannot_take_is_not_lost
    test_rules_trouble.test_words_outlive_a_queue_that_is_gone @
    test_rules_trouble.test_words_outlive_a_claim_that_is_lost

A slow backend never freezes the screen; offline is shown; nothing is decided twice on return
    test_rules_trouble.test_a_queue_that_answers_nothing_holds_up_no_key @
    test_rules_trouble.test_offline_is_shown_on_every_screen @
    test_rules_trouble.test_many_are_decided_once_where_the_line_breaks_in_the_middle
    test_session.test_a_lost_reply_never_decides_twice
    test_session.test_the_same_decision_made_again_keeps_its_operation_id
"""

from __future__ import annotations

import importlib
import re


def test_every_test_that_is_named_here_is_there() -> None:
    named = re.findall(r"^    (test_\w+)\.(test_\w+)( @)?$", __doc__ or "", re.MULTILINE)
    assert len(named) > 50
    for module, name, _ in named:
        found = importlib.import_module(f"tests.tui.{module}")
        assert callable(getattr(found, name, None)), f"{module}.{name}"
