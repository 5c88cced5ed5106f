"""SQL for sqlite, made by `python -m backends.sql.prepare`; edit `statements` instead."""

# ruff: noqa: E501

SQL: dict[str, str] = {
    # A new artifact's hot row; answers with its number.
    "artifact_insert": 'INSERT INTO artifact (public_id, "key", agent, kind, status, queue, risk, digest, revision, due_at, rank, created_at, allowed, quorum, approvers, assignee, owner, snoozed_until, expires_at, on_expiry, lease_owner, lease_until, fence, escalated, decided_at, effective_at, title, agent_version, reasons, confidence, writes, supersedes, superseded_by, decision, decided_by, outcome, policy, shape, usd, seconds, mode, needs, own_shape) VALUES (:public_id, :key, :agent, :kind, :status, :queue, :risk, :digest, :revision, :due_at, :rank, :created_at, :allowed, :quorum, :approvers, :assignee, :owner, :snoozed_until, :expires_at, :on_expiry, :lease_owner, :lease_until, :fence, :escalated, :decided_at, :effective_at, :title, :agent_version, :reasons, :confidence, :writes, :supersedes, :superseded_by, :decision, :decided_by, :outcome, :policy, :shape, :usd, :seconds, :mode, :needs, :own_shape) RETURNING id',
    # Its wide row.
    "body_insert": "INSERT INTO artifact_body (id, payload, search) VALUES (:id, :payload, :search)",
    # The hot row of a public id.
    "artifact_get": 'SELECT artifact.public_id, artifact."key", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM artifact WHERE artifact.public_id = :public_id',
    # The hot row of an agent's key.
    "artifact_by_key": 'SELECT artifact.public_id, artifact."key", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM artifact WHERE artifact."key" = :key AND artifact.agent = :agent',
    # Everything that a step may change, guarded by the revision it started from.
    "artifact_step": "UPDATE artifact SET status=:status_, queue=:queue_, revision=:revision_, rank=:rank_, approvers=:approvers_, assignee=:assignee_, snoozed_until=:snoozed_until_, expires_at=:expires_at_, lease_owner=:lease_owner_, lease_until=:lease_until_, escalated=:escalated_, decided_at=:decided_at_, effective_at=:effective_at_, reasons=:reasons_, decision=:decision_, decided_by=:decided_by_ WHERE artifact.id = :id_ AND artifact.revision = :was",
    # A terminal decision: only what it changes, so that fewer indexes move.
    "artifact_decide": "UPDATE artifact SET status=:status_, revision=:revision_, snoozed_until=NULL, lease_owner='', lease_until=0, decided_at=:decided_at_, effective_at=:effective_at_, decision=:decision_, decided_by=:decided_by_ WHERE artifact.id = :id_ AND artifact.revision = :was AND artifact.status = 'pending'",
    # Says which artifact came in an older one's place.
    "artifact_link": "UPDATE artifact SET superseded_by=:superseded_by_ WHERE artifact.id = :id_",
    # What became of an approved artifact.
    "artifact_outcome": "UPDATE artifact SET outcome=:outcome_ WHERE artifact.id = :id_",
    # The canonical JSON of an artifact.
    "body_get": "SELECT artifact_body.payload FROM artifact_body WHERE artifact_body.id = :id",
    # A lease with the next fencing token.
    "claim": "UPDATE artifact SET lease_owner=:owner_, lease_until=:until_, fence=(artifact.fence + 1) WHERE artifact.id = :id_ RETURNING fence",
    # A later end of the same lease.
    "renew": "UPDATE artifact SET lease_until=:until_ WHERE artifact.id = :id_",
    # The end of a lease.
    "release": "UPDATE artifact SET lease_owner='', lease_until=0 WHERE artifact.id = :id_",
    # Ends the leases whose time is over, by their own index.
    "lapse": "UPDATE artifact SET lease_owner='', lease_until=0 WHERE artifact.lease_until > 0 AND artifact.lease_until <= :now RETURNING public_id, \"key\", agent, kind, status, queue, risk, digest, revision, due_at, rank, created_at, allowed, quorum, approvers, assignee, owner, snoozed_until, expires_at, on_expiry, lease_owner, lease_until, fence, escalated, decided_at, effective_at, mode, needs, title, agent_version, reasons, confidence, writes, supersedes, superseded_by, decision, decided_by, outcome, shape, usd, seconds, policy, id",
    # Snoozed artifacts whose time has come.
    "snoozes_over": "SELECT artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM artifact WHERE artifact.status = 'pending' AND artifact.snoozed_until IS NOT NULL AND artifact.snoozed_until <= :now ORDER BY artifact.snoozed_until LIMIT :limit OFFSET 0",
    # Ends a snooze.
    "wake": "UPDATE artifact SET snoozed_until=NULL WHERE artifact.id = :id_",
    # Pending artifacts that expired.
    "expiries_over": "SELECT artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM artifact WHERE artifact.status = 'pending' AND artifact.expires_at IS NOT NULL AND artifact.expires_at <= :now ORDER BY artifact.expires_at LIMIT :limit OFFSET 0",
    # Whether a lease, a snooze or an expiry is over, or a step due, and not yet carried out.
    "clocks_due": "SELECT (EXISTS (SELECT 1 FROM artifact WHERE artifact.lease_until > 0 AND artifact.lease_until <= :now)) OR (EXISTS (SELECT 1 FROM artifact WHERE artifact.status = 'pending' AND artifact.snoozed_until IS NOT NULL AND artifact.snoozed_until <= :now)) OR (EXISTS (SELECT 1 FROM artifact WHERE artifact.status = 'pending' AND artifact.expires_at IS NOT NULL AND artifact.expires_at <= :now)) OR (EXISTS (SELECT 1 FROM alert WHERE alert.state = 'waiting' AND alert.at <= :now)) AS anon_1",
    # An escalation.
    "reason_insert": "INSERT INTO reason (artifact_id, code, detail, source, score, at, evidence, leads, listed, rank) VALUES (:artifact_id, :code, :detail, :source, :score, :at, :evidence, :leads, :listed, :rank)",
    # All escalations of an artifact, oldest first.
    "reasons_of": "SELECT reason.code, reason.detail, reason.source, reason.score, reason.at, reason.evidence FROM reason WHERE reason.artifact_id = :id ORDER BY reason.id",
    # All counters.
    "counters": "SELECT counter.queue, counter.agent, counter.kind, counter.risk, counter.status, counter.number FROM counter WHERE counter.number > 0",
    # How many of a shape are ready; no row where there is none.
    "shape_number": "SELECT shape_counter.number FROM shape_counter WHERE shape_counter.shape = :shape AND shape_counter.number > 0",
    # The shapes with the most ready artifacts.
    "shapes_largest": "SELECT shape_counter.shape, shape_counter.number FROM shape_counter WHERE shape_counter.number > 0 AND shape_counter.shape != '' ORDER BY shape_counter.number DESC LIMIT :limit OFFSET 0",
    # Shapes with just so many ready artifacts.
    "shapes_of_number": "SELECT shape_counter.shape, shape_counter.number FROM shape_counter WHERE shape_counter.number = :number AND shape_counter.number > 0 AND shape_counter.shape != '' LIMIT :limit OFFSET 0",
    # What is pending, put off, and critical in each queue.
    "queue_counters": "SELECT counter.queue, sum(CASE WHEN (counter.status = 'pending') THEN counter.number ELSE 0 END) AS sum_1, sum(CASE WHEN (counter.status = 'snoozed') THEN counter.number ELSE 0 END) AS sum_2, sum(CASE WHEN (counter.status = 'pending' AND counter.risk = 3) THEN counter.number ELSE 0 END) AS sum_3 FROM counter WHERE counter.number > 0 AND counter.status IN ('pending', 'snoozed') GROUP BY counter.queue",
    # The last artifact's number.
    "newest_id": "SELECT coalesce(max(artifact.id), 0) AS coalesce_1 FROM artifact",
    # A decision; its operation id is unique.
    "decision_insert": "INSERT INTO decision (operation_id, artifact_id, revision, kind, actor, actor_kind, at, digest, digest_decided, reasons, comment, writes, effective_at, undone_at, bulk) VALUES (:operation_id, :artifact_id, :revision, :kind, :actor, :actor_kind, :at, :digest, :digest_decided, :reasons, :comment, :writes, :effective_at, :undone_at, :bulk)",
    # What an operation id stands for.
    "decision_by_operation": "SELECT decision.artifact_id, decision.revision, decision.kind, decision.actor, decision.at, decision.effective_at, decision.undone_at, artifact.public_id FROM decision JOIN artifact ON artifact.id = decision.artifact_id WHERE decision.operation_id = :operation_id",
    # The decisions of a bulk operation with their artifacts, page by page.
    "decisions_of_bulk": "SELECT decision.id, decision.revision, decision.actor, decision.undone_at, artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision AS revision_1, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id AS id_1 FROM decision JOIN artifact ON artifact.id = decision.artifact_id WHERE decision.bulk = :bulk AND decision.bulk != '' AND decision.id > :after ORDER BY decision.id LIMIT :limit OFFSET 0",
    # The decision that was taken on a revision of an artifact.
    "decision_of": "SELECT decision.kind, decision.actor, decision.at, decision.digest_decided, decision.reasons, decision.comment, decision.writes, decision.undone_at FROM decision WHERE decision.artifact_id = :artifact_id AND decision.revision = :revision",
    # Marks a decision as taken back.
    "decision_void": "UPDATE decision SET undone_at=:at_ WHERE decision.artifact_id = :artifact_id_ AND decision.revision = :revision_",
    # The label of a terminal decision.
    "label_insert": "INSERT INTO label (artifact_id, revision, effective_at, document) VALUES (:artifact_id, :revision, :effective_at, :document)",
    # Takes back a label with its decision.
    "label_delete": "DELETE FROM label WHERE label.artifact_id = :artifact_id_ AND label.revision = :revision_",
    # Labels in order, with the artifact they are about.
    "labels_after": "SELECT label.id, label.effective_at, label.document, artifact.public_id, artifact.digest, artifact.outcome, artifact_body.payload FROM label JOIN artifact ON artifact.id = label.artifact_id LEFT OUTER JOIN artifact_body ON artifact_body.id = label.artifact_id WHERE label.id > :after ORDER BY label.id LIMIT :limit OFFSET 0",
    # Work that follows from a decision.
    "effect_insert": "INSERT INTO effect (artifact_id, revision, kind, state, due_at, attempts, fence, worker, lease_until, detail) VALUES (:artifact_id, :revision, :kind, :state, :due_at, :attempts, :fence, :worker, :lease_until, :detail)",
    # Cancels work that has not gone out with its decision.
    "effect_cancel": "UPDATE effect SET state='cancelled' WHERE effect.artifact_id = :artifact_id_ AND effect.revision = :revision_ AND effect.state != 'applied' AND effect.state != 'cancelled'",
    # The state of one effect.
    "effect_of": "SELECT effect.id, effect.state, effect.attempts FROM effect WHERE effect.artifact_id = :artifact_id AND effect.revision = :revision AND effect.kind = :kind",
    # The agent has fetched the decision itself.
    "effect_delivered": "UPDATE effect SET state='applied', attempts=(effect.attempts + 1), worker=:worker_, detail=:detail_ WHERE effect.artifact_id = :artifact_id_ AND effect.revision = :revision_ AND effect.kind = 'deliver' AND effect.state IN ('scheduled', 'failed', 'unknown')",
    # Gives due effects to a worker.
    "effects_take": "UPDATE effect SET state='running', attempts=(effect.attempts + 1), fence=(effect.fence + 1), worker=:worker_, lease_until=:until_ WHERE effect.id IN (SELECT effect.id FROM effect WHERE effect.state = 'scheduled' AND effect.due_at <= :now ORDER BY effect.due_at, effect.id LIMIT :limit OFFSET 0) RETURNING id, artifact_id, kind, attempts, fence, lease_until",
    # A delivery whose worker went away is due again: it may be repeated.
    "effects_lapse": "UPDATE effect SET state='scheduled' WHERE effect.state = 'running' AND effect.lease_until <= :now AND effect.kind = 'deliver'",
    # Any other effect whose worker went away is never repeated blindly.
    "effects_lost": "UPDATE effect SET state='unknown', due_at=:now, detail=:why_ WHERE effect.state = 'running' AND effect.lease_until <= :now AND effect.kind != 'deliver' RETURNING id, artifact_id, kind, worker",
    # What became of an effect, from the worker that holds it.
    "effect_settle": "UPDATE effect SET state=:state_, due_at=:due_at_, detail=:detail_ WHERE effect.id = :id_ AND effect.fence = :fence_ AND effect.state = 'running'",
    # Who took an effect last.
    "effect_worker": "SELECT effect.worker FROM effect WHERE effect.id = :id",
    # The public id of a number.
    "public_id_of": "SELECT artifact.public_id FROM artifact WHERE artifact.id = :id",
    # The newest record: its number and hash.
    "audit_head": "SELECT audit.seq, audit.hash FROM audit ORDER BY audit.seq DESC LIMIT 1 OFFSET 0",
    # A record.
    "audit_insert": "INSERT INTO audit (seq, artifact, event, record, previous, hash) VALUES (:seq, :artifact, :event, :record, :previous, :hash)",
    # Records in order.
    "audit_after": "SELECT audit.seq, audit.record, audit.previous, audit.hash FROM audit WHERE audit.seq > :after ORDER BY audit.seq LIMIT :limit OFFSET 0",
    # The records of one artifact.
    "audit_of": "SELECT audit.seq, audit.record FROM audit WHERE audit.artifact = :artifact ORDER BY audit.seq",
    # What the record speaks of, in order of submission, with the bodies.
    "stored_after": 'SELECT artifact.id, artifact.public_id, artifact.agent, artifact."key", artifact.kind, artifact.status, artifact.digest, artifact.revision, artifact.title, artifact.decision, artifact.decided_by, artifact.decided_at, artifact.effective_at, artifact.outcome, artifact_body.payload FROM artifact LEFT OUTER JOIN artifact_body ON artifact_body.id = artifact.id WHERE artifact.id > :after ORDER BY artifact.id LIMIT :limit OFFSET 0',
    # All decisions on an artifact.
    "stored_decisions": "SELECT decision.operation_id, decision.revision, decision.kind, decision.actor, decision.actor_kind, decision.at, decision.digest, decision.digest_decided, decision.reasons, decision.comment, decision.writes, decision.effective_at, decision.undone_at, decision.bulk FROM decision WHERE decision.artifact_id = :artifact_id ORDER BY decision.revision",
    # All labels of an artifact.
    "stored_labels": "SELECT label.revision, label.effective_at, label.document FROM label WHERE label.artifact_id = :artifact_id ORDER BY label.revision",
    # The records filed under an artifact, with the event they are filed as.
    "stored_records": "SELECT audit.seq, audit.event, audit.record FROM audit WHERE audit.artifact = :artifact ORDER BY audit.seq",
    # Decisions that stand, by time, with what is counted of them.
    "facts_after": "SELECT decision.id, decision.at, artifact.public_id, decision.kind, decision.actor, decision.actor_kind, artifact.agent, artifact.agent_version, artifact.kind AS kind_1, artifact.queue, artifact.created_at, artifact.due_at, artifact.usd, artifact.seconds, decision.reasons, decision.bulk, artifact.outcome, label.document FROM decision JOIN artifact ON artifact.id = decision.artifact_id LEFT OUTER JOIN label ON label.artifact_id = decision.artifact_id AND label.revision = decision.revision WHERE (decision.at, decision.id) > (:at, :id) AND decision.at < :until AND decision.undone_at IS NULL ORDER BY decision.at, decision.id LIMIT :limit OFFSET 0",
    # What happened after a number.
    "feed_after": "SELECT audit.seq, audit.artifact, audit.event FROM audit WHERE audit.seq > :after ORDER BY audit.seq LIMIT :limit OFFSET 0",
    # The newest record's number.
    "position": "SELECT coalesce(max(audit.seq), 0) AS coalesce_1 FROM audit",
    # A bulk decision as it was asked for; answers with its number.
    "operation_insert": "INSERT INTO operation (operation_id, actor, request, digest, total, at, effective_at) VALUES (:operation_id, :actor, :request, :digest, :total, :at, :effective_at) RETURNING id",
    # A bulk decision by its operation id.
    "operation_get": "SELECT operation.id, operation.actor, operation.request, operation.digest, operation.total, operation.at, operation.effective_at FROM operation WHERE operation.operation_id = :operation_id",
    # When the undo window of the whole operation ends.
    "operation_effective": "UPDATE operation SET effective_at=:effective_at_ WHERE operation.id = :id_",
    # One target.
    "item_insert": "INSERT INTO operation_item (operation, n, artifact, revision, digest, state, code, sentence) VALUES (:operation, :n, :artifact, :revision, :digest, :state, :code, :sentence)",
    # What became of a target.
    "item_settle": "UPDATE operation_item SET state=:state_, code=:code_, sentence=:sentence_ WHERE operation_item.operation = :operation_ AND operation_item.n = :n_",
    # Marks a chunk as done, but for what was refused.
    "items_done": "UPDATE operation_item SET state='done' WHERE operation_item.operation = :operation_ AND operation_item.n >= :first AND operation_item.n <= :last AND operation_item.state = 'todo'",
    # Leaves what was not yet decided when the operation was taken back.
    "items_stop": "UPDATE operation_item SET state='skipped', code=:code_, sentence=:sentence_ WHERE operation_item.operation = :operation_ AND operation_item.state = 'todo'",
    # The next targets with their artifacts.
    "items_todo": "SELECT operation_item.n, operation_item.artifact, operation_item.revision, operation_item.digest, artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest AS digest_1, artifact.revision AS revision_1, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM operation_item LEFT OUTER JOIN artifact ON artifact.public_id = operation_item.artifact WHERE operation_item.operation = :operation AND operation_item.n > :after AND operation_item.state = 'todo' ORDER BY operation_item.n LIMIT :limit OFFSET 0",
    # How far a bulk operation is.
    "items_counted": "SELECT operation_item.state, count(*) AS count_1 FROM operation_item WHERE operation_item.operation = :operation GROUP BY operation_item.state",
    # The targets that were refused.
    "items_skipped": "SELECT operation_item.artifact, operation_item.code, operation_item.sentence FROM operation_item WHERE operation_item.operation = :operation AND operation_item.state = 'skipped' ORDER BY operation_item.n",
    # Moves the end of a slow bulk operation's undo window, where it has not passed.
    "extend_artifacts": "UPDATE artifact SET effective_at=:effective_at_ WHERE artifact.id IN (SELECT decision.artifact_id FROM decision WHERE decision.bulk = :bulk_ AND decision.bulk != '' AND decision.effective_at = :was AND decision.undone_at IS NULL) AND artifact.effective_at = :was",
    # The same for its effects.
    "extend_effects": "UPDATE effect SET due_at=:effective_at_ WHERE effect.artifact_id IN (SELECT decision.artifact_id FROM decision WHERE decision.bulk = :bulk_ AND decision.bulk != '' AND decision.effective_at = :was AND decision.undone_at IS NULL) AND effect.state = 'scheduled' AND effect.due_at = :was",
    # The same for its labels.
    "extend_labels": "UPDATE label SET effective_at=:effective_at_ WHERE label.artifact_id IN (SELECT decision.artifact_id FROM decision WHERE decision.bulk = :bulk_ AND decision.bulk != '' AND decision.effective_at = :was AND decision.undone_at IS NULL) AND label.effective_at = :was",
    # The same for its decisions; runs last, for the others look there.
    "extend_decisions": "UPDATE decision SET effective_at=:effective_at_ WHERE decision.bulk = :bulk_ AND decision.bulk != '' AND decision.effective_at = :was AND decision.undone_at IS NULL",
    # A step to come.
    "alert_insert": "INSERT INTO alert (artifact_id, step, turn, at, target, page, notify, state) VALUES (:artifact_id, :step, :turn, :at, :target, :page, :notify, 'waiting')",
    # Steps that are due, with their artifacts.
    "alerts_due": "SELECT alert.at, alert.step, alert.turn, alert.target, alert.page, alert.notify, artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id FROM alert JOIN artifact ON artifact.id = alert.artifact_id WHERE alert.state = 'waiting' AND alert.at <= :now ORDER BY alert.at, alert.artifact_id, alert.step, alert.turn LIMIT :limit OFFSET 0",
    # When the first step was due that is not carried out yet.
    "alert_due": "SELECT alert.at FROM alert WHERE alert.state = 'waiting' AND alert.at <= :now ORDER BY alert.at LIMIT 1 OFFSET 0",
    # When a step is due.
    "alert_at": "SELECT alert.at, alert.state FROM alert WHERE alert.artifact_id = :artifact_id AND alert.step = :step AND alert.turn = :turn",
    # What became of a step.
    "alert_settle": "UPDATE alert SET state=:state_ WHERE alert.artifact_id = :artifact_id_ AND alert.step = :step_ AND alert.turn = :turn_ AND alert.state = 'waiting'",
    # Looks at a step again at another time.
    "alert_defer": "UPDATE alert SET at=:at_ WHERE alert.artifact_id = :artifact_id_ AND alert.step = :step_ AND alert.turn = :turn_ AND alert.state = 'waiting'",
    # Whether an artifact has a chain.
    "alert_any": "SELECT alert.step FROM alert WHERE alert.artifact_id = :id LIMIT 1 OFFSET 0",
    # An artifact is pending again: its steps are to come again.
    "alerts_revive": "UPDATE alert SET state='waiting' WHERE alert.artifact_id = :artifact_id_ AND alert.state = 'cancelled'",
    # A notification to send; answers with its number.
    "notify_insert": "INSERT INTO effect (artifact_id, revision, kind, state, due_at, attempts, fence, worker, lease_until, detail) VALUES (:artifact_id, 0, :kind, 'scheduled', :due_at, 0, 0, '', 0, '') RETURNING id",
    # What a notification says.
    "notice_insert": "INSERT INTO notice (effect_id, document) VALUES (:effect_id, :document)",
    # What the notification of an effect says.
    "notice_of": "SELECT notice.document FROM notice WHERE notice.effect_id = :id",
    # Gives due notifications to a worker.
    "notices_take": "UPDATE effect SET state='running', attempts=(effect.attempts + 1), fence=(effect.fence + 1), worker=:worker_, lease_until=:until_ WHERE effect.id IN (SELECT effect.id FROM effect WHERE effect.state = 'scheduled' AND effect.revision = 0 AND effect.due_at <= :now ORDER BY effect.due_at, effect.id LIMIT :limit OFFSET 0) RETURNING id, artifact_id, kind, attempts, fence, lease_until",
    # Notifications that did not arrive or may not have, the newest first.
    "notices_unsent": "SELECT effect.id, artifact.public_id, artifact.status, effect.state, effect.detail, effect.attempts, effect.due_at, notice.document FROM effect JOIN artifact ON artifact.id = effect.artifact_id JOIN notice ON notice.effect_id = effect.id WHERE effect.revision = 0 AND effect.state IN ('failed', 'unknown') AND effect.id < :before AND (artifact.status = 'pending' OR :everything = 1) ORDER BY effect.id DESC LIMIT :limit OFFSET 0",
    # How many of them there are of what waits.
    "notices_counted": "SELECT count(*) FILTER (WHERE effect.state = 'failed') AS anon_1, count(*) FILTER (WHERE effect.state = 'unknown') AS anon_2 FROM effect JOIN artifact ON artifact.id = effect.artifact_id WHERE effect.revision = 0 AND effect.state IN ('failed', 'unknown') AND artifact.status = 'pending'",
    # Whether there is a notification to send, or a worker that went away.
    "notices_due": "SELECT (EXISTS (SELECT 1 FROM effect WHERE effect.state = 'scheduled' AND effect.revision = 0 AND effect.due_at <= :now)) OR (EXISTS (SELECT 1 FROM effect WHERE effect.state = 'running' AND effect.lease_until <= :now)) AS anon_1",
    # The policy in force, whether an agent or all are stopped, its caps.
    "in_force": "SELECT (SELECT policy.digest FROM policy WHERE policy.state = 'active') AS anon_1, EXISTS (SELECT 1 FROM stop WHERE stop.agent = :agent) AS anon_2, EXISTS (SELECT 1 FROM stop WHERE stop.agent = '*') AS anon_3, (SELECT cap.mode FROM cap WHERE cap.agent = :agent AND cap.kind = :kind AND cap.state = 'capped') AS anon_4, (SELECT cap.mode FROM cap WHERE cap.agent = :agent AND cap.kind = '' AND cap.state = 'capped') AS anon_5",
    # The digest of the policy in force.
    "policy_digest": "SELECT policy.digest FROM policy WHERE policy.state = 'active'",
    # The text of a policy.
    "policy_text": "SELECT policy.text FROM policy WHERE policy.digest = :digest",
    # A policy by its digest.
    "policy_get": "SELECT policy.digest, policy.text, policy.state, policy.note, policy.proposed_by, policy.proposed_at, policy.activated_by, policy.activated_at FROM policy WHERE policy.digest = :digest",
    # The policy in force.
    "policy_active": "SELECT policy.digest, policy.text, policy.state, policy.note, policy.proposed_by, policy.proposed_at, policy.activated_by, policy.activated_at FROM policy WHERE policy.state = 'active'",
    # All policies, newest first.
    "policies": "SELECT policy.digest, policy.text, policy.state, policy.note, policy.proposed_by, policy.proposed_at, policy.activated_by, policy.activated_at FROM policy ORDER BY policy.id DESC",
    # A policy as it was proposed.
    "policy_insert": "INSERT INTO policy (digest, text, state, note, proposed_by, proposed_at, activated_by, activated_at) VALUES (:digest, :text, :state, :note, :proposed_by, :proposed_at, :activated_by, :activated_at)",
    # Proposes a policy of before again.
    "policy_propose": "UPDATE policy SET state='proposed', note=:note_, proposed_by=:who_, proposed_at=:at_, activated_by='', activated_at=NULL WHERE policy.digest = :digest_",
    # The policy in force is that no more.
    "policy_retire": "UPDATE policy SET state='retired' WHERE policy.state = 'active'",
    # Puts a policy in force.
    "policy_activate": "UPDATE policy SET state='active', activated_by=:who_, activated_at=:at_ WHERE policy.digest = :digest_",
    # What was known and ruled at an admission.
    "ruling_insert": "INSERT INTO ruling (artifact_id, at, document) VALUES (:artifact_id, :at, :document)",
    # What is stored of an admission.
    "stored_ruling": "SELECT ruling.document FROM ruling WHERE ruling.artifact_id = :artifact_id",
    # An admission with what became of it.
    "ruling_get": "SELECT ruling.artifact_id, ruling.at, artifact.public_id, artifact.digest, artifact_body.payload, ruling.document, artifact.status, artifact.decision, artifact.decided_by, decision.actor_kind, artifact.decided_at, artifact.outcome FROM ruling JOIN artifact ON artifact.id = ruling.artifact_id LEFT OUTER JOIN artifact_body ON artifact_body.id = ruling.artifact_id LEFT OUTER JOIN decision ON decision.artifact_id = artifact.id AND decision.revision = artifact.revision - 1 AND artifact.decision != '' WHERE artifact.public_id = :public_id",
    # Admissions by time with what became of them.
    "rulings_after": "SELECT ruling.artifact_id, ruling.at, artifact.public_id, artifact.digest, artifact_body.payload, ruling.document, artifact.status, artifact.decision, artifact.decided_by, decision.actor_kind, artifact.decided_at, artifact.outcome FROM ruling JOIN artifact ON artifact.id = ruling.artifact_id LEFT OUTER JOIN artifact_body ON artifact_body.id = ruling.artifact_id LEFT OUTER JOIN decision ON decision.artifact_id = artifact.id AND decision.revision = artifact.revision - 1 AND artifact.decision != '' WHERE (ruling.at, ruling.artifact_id) > (:at, :after) AND ruling.at < :until ORDER BY ruling.at, ruling.artifact_id LIMIT :limit OFFSET 0",
    # Adds to what was used of a scope.
    "usage_add": "INSERT INTO usage (scope, bucket, number, amount) VALUES (:scope, :bucket, :number, :amount) ON CONFLICT (scope, bucket) DO UPDATE SET number = usage.number + excluded.number, amount = usage.amount + excluded.amount",
    # Forgets what no limit asks for any more.
    "usage_forget": "DELETE FROM usage WHERE usage.scope = :scope_ AND usage.bucket < :before",
    # What was used of a scope since a time.
    "usage_since": "SELECT usage.bucket, usage.number, usage.amount FROM usage WHERE usage.scope = :scope AND usage.bucket > :since ORDER BY usage.bucket",
    # How often people decided on a shape, and how often they rejected.
    "shape_history": "SELECT shape_counter.decided, shape_counter.rejected FROM shape_counter WHERE shape_counter.shape = :shape",
    # Adds a tally to a bucket.
    "ledger_add": "INSERT INTO ledger (agent, kind, bucket, version, decided, approved, edited, rejected, sampled, automatic, denied, failed, drifted, rolled_back, usd) VALUES (:agent, :kind, :bucket, :version, :decided, :approved, :edited, :rejected, :sampled, :automatic, :denied, :failed, :drifted, :rolled_back, :usd) ON CONFLICT (agent, kind, bucket, version) DO UPDATE SET decided = ledger.decided + excluded.decided, approved = ledger.approved + excluded.approved, edited = ledger.edited + excluded.edited, rejected = ledger.rejected + excluded.rejected, sampled = ledger.sampled + excluded.sampled, automatic = ledger.automatic + excluded.automatic, denied = ledger.denied + excluded.denied, failed = ledger.failed + excluded.failed, drifted = ledger.drifted + excluded.drifted, rolled_back = ledger.rolled_back + excluded.rolled_back, usd = ledger.usd + excluded.usd",
    # What an agent's kind adds up to in a window.
    "ledger_window": "SELECT coalesce(sum(ledger.decided), 0) AS coalesce_1, coalesce(sum(ledger.approved), 0) AS coalesce_2, coalesce(sum(ledger.edited), 0) AS coalesce_3, coalesce(sum(ledger.rejected), 0) AS coalesce_4, coalesce(sum(ledger.sampled), 0) AS coalesce_5, coalesce(sum(ledger.automatic), 0) AS coalesce_6, coalesce(sum(ledger.denied), 0) AS coalesce_7, coalesce(sum(ledger.failed), 0) AS coalesce_8, coalesce(sum(ledger.drifted), 0) AS coalesce_9, coalesce(sum(ledger.rolled_back), 0) AS coalesce_10, coalesce(sum(ledger.usd), 0) AS coalesce_11 FROM ledger WHERE ledger.agent = :agent AND ledger.kind = :kind AND ledger.bucket > :since AND ledger.bucket <= :until",
    # How many decisions there are on a version, counted no further than 300 buckets.
    "ledger_version": "SELECT coalesce(sum(decided), 0) AS coalesce_1 FROM (SELECT ledger.decided AS decided FROM ledger WHERE ledger.agent = :agent AND ledger.version = :version AND ledger.kind = :kind AND ledger.decided > 0 LIMIT 300 OFFSET 0) AS found",
    # The buckets of all agents since a time.
    "ledger_since": "SELECT ledger.agent, ledger.version, ledger.kind, ledger.bucket, ledger.decided, ledger.approved, ledger.edited, ledger.rejected, ledger.sampled, ledger.automatic, ledger.denied, ledger.failed, ledger.drifted, ledger.rolled_back, ledger.usd FROM ledger WHERE ledger.bucket >= :since ORDER BY ledger.bucket, ledger.agent, ledger.kind, ledger.version",
    # The numbers that were approved under a path.
    "spread_of": "SELECT spread.n, spread.mean, spread.m2 FROM spread WHERE spread.agent = :agent AND spread.kind = :kind AND spread.path = :path",
    # Stores the numbers of a path.
    "spread_set": "INSERT INTO spread (agent, kind, path, n, mean, m2) VALUES (:agent, :kind, :path, :n, :mean, :m2) ON CONFLICT (agent, kind, path) DO UPDATE SET n = excluded.n, mean = excluded.mean, m2 = excluded.m2",
    # Caps an agent's kind, or proposes to lift a cap.
    "cap_set": "INSERT INTO cap (agent, kind, state, mode, why, actor, at) VALUES (:agent, :kind, :state, :mode, :why, :actor, :at) ON CONFLICT (agent, kind, state) DO UPDATE SET mode = excluded.mode, why = excluded.why, actor = excluded.actor, at = excluded.at",
    # One cap or proposal.
    "cap_get": "SELECT cap.mode FROM cap WHERE cap.agent = :agent AND cap.kind = :kind AND cap.state = :state",
    # When something was told of an agent's kind.
    "cap_at": "SELECT cap.at FROM cap WHERE cap.agent = :agent AND cap.kind = :kind AND cap.state = :state",
    # Takes a cap or a proposal away.
    "cap_delete": "DELETE FROM cap WHERE cap.agent = :agent_ AND cap.kind = :kind_ AND cap.state = :state_",
    # All caps, proposals, and what was declined.
    "caps": "SELECT cap.agent, cap.kind, cap.mode, cap.why, cap.actor, cap.at, cap.state FROM cap WHERE cap.state = 'capped' OR cap.state = 'promotion' OR cap.state = 'declined' ORDER BY cap.agent, cap.kind, cap.state",
    # Throws a kill switch.
    "stop_insert": "INSERT INTO stop (agent, why, actor, at) VALUES (:agent, :why, :actor, :at)",
    # One kill switch.
    "stop_get": "SELECT stop.agent, stop.why, stop.actor, stop.at FROM stop WHERE stop.agent = :agent",
    # Takes a stop back.
    "stop_delete": "DELETE FROM stop WHERE stop.agent = :agent_",
    # Whether any kill switch is thrown.
    "any_stop": "SELECT EXISTS (SELECT 1 FROM stop) AS anon_1",
    # The kill switches that are thrown.
    "stops": "SELECT stop.agent, stop.why, stop.actor, stop.at FROM stop ORDER BY stop.agent",
    # Approvals that have not gone out, of one agent or of all.
    "approvals_open": "SELECT effect.due_at, effect.id, artifact.public_id, artifact.\"key\", artifact.agent, artifact.kind, artifact.status, artifact.queue, artifact.risk, artifact.digest, artifact.revision, artifact.due_at AS due_at_1, artifact.rank, artifact.created_at, artifact.allowed, artifact.quorum, artifact.approvers, artifact.assignee, artifact.owner, artifact.snoozed_until, artifact.expires_at, artifact.on_expiry, artifact.lease_owner, artifact.lease_until, artifact.fence, artifact.escalated, artifact.decided_at, artifact.effective_at, artifact.mode, artifact.needs, artifact.title, artifact.agent_version, artifact.reasons, artifact.confidence, artifact.writes, artifact.supersedes, artifact.superseded_by, artifact.decision, artifact.decided_by, artifact.outcome, artifact.shape, artifact.usd, artifact.seconds, artifact.policy, artifact.id AS id_1 FROM effect JOIN artifact ON artifact.id = effect.artifact_id WHERE effect.state = 'scheduled' AND artifact.status = 'approved' AND effect.kind = 'deliver' AND effect.revision = artifact.revision - 1 AND (effect.due_at, effect.id) > (:due, :after) AND (artifact.agent = :agent OR :agent = '*') ORDER BY effect.due_at, effect.id LIMIT :limit OFFSET 0",
}
