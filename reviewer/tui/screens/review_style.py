"""How the review screen is laid out: side by side where there is room, stacked where not."""

STYLE = """
ReviewScreen {
    layout: vertical;
    background: $background;

    #body { height: 1fr; border-top: solid $border; }
    .title { height: 1; padding: 0 1; color: $text-muted; }
    #writes-pane { width: 19; border-right: solid $border; }
    #diff-pane { width: 1fr; }
    #context-pane { width: 28; border-left: solid $border; }
    #footer { height: 1; background: $surface; }

    &.-splendid #writes-pane { width: 32; }
    &.-splendid #context-pane { width: 28%; max-width: 72; }

    &.-one-write #writes-pane { display: none; }

    &.-narrow #body, &.-tiny #body { layout: vertical; }
    &.-narrow #writes-pane, &.-tiny #writes-pane {
        width: 100%; height: auto; max-height: 5; border-right: none;
    }
    &.-narrow #tree, &.-tiny #tree { height: auto; max-height: 4; }
    &.-narrow #context-pane, &.-tiny #context-pane {
        width: 100%; max-width: 100%; height: 28%; border-left: none; border-top: solid $border;
    }
    &.-low.-narrow #writes-pane, &.-low.-tiny #writes-pane { display: none; }
    &.-low.-narrow #context-pane, &.-low.-tiny #context-pane { height: 5; }
    &.-low.-narrow #context-head, &.-low.-tiny #context-head { display: none; }
    &.-part.-low.-narrow #context-pane, &.-part.-low.-tiny #context-pane { height: 50%; }
    &.-max-context.-low #context-head { display: block; }
    &.-low #reasons { max-height: 2; }
    &.-flat #reasons { max-height: 1; }
    &.-flat #context-pane, &.-flat #writes-pane { display: none; }

    &.-max-diff #writes-pane, &.-max-diff #context-pane { display: none; }
    &.-max-context #writes-pane, &.-max-context #diff-pane { display: none; }
    &.-max-context #context-pane, &.-max-context.-flat #context-pane,
    &.-max-context.-low.-narrow #context-pane, &.-max-context.-low.-tiny #context-pane {
        display: block; width: 100%; max-width: 100%; height: 1fr; border: none;
    }
    &.-max-tree #diff-pane, &.-max-tree #context-pane { display: none; }
    &.-max-tree #writes-pane, &.-max-tree.-low.-narrow #writes-pane {
        display: block; width: 100%; height: 1fr; max-height: 100%; border: none;
    }
    &.-max-tree #tree { height: 1fr; max-height: 100%; }
}
"""
