# What is filled in
certification-too-long = Too long: at most { $max } characters.
certification-control = There are characters that cannot be shown. Delete them and try again.
certification-required = Fill this in.
certification-reason = Give the reason; it will be read.
certification-unknown-district = There is no such district. Choose one of the list.
certification-area = Give an area above 0 and up to 10 million m².
certification-area-review = The area changes by more than a fifth: mark the certificate for review first.
certification-day = Write the day like 2026-03-01.
certification-unknown-code = There is no such thing. Choose one of the list.
certification-unknown-rubric = There is no such version of the rubric.
certification-rubric-dates = This version of the rubric is not in force now.
certification-unknown-certificate = Your mall has no such certificate.
certification-energy-plan = The baseline must lie before the reporting period, each at most ten years, and no driver twice.
certification-always-applies = This item always applies.
certification-value = Give a plausible number, not below zero.
certification-points = Give 0 to { $max } points.
certification-system-record = Records of the system are counted by the system itself.
certification-one-proof = Ask for one proof at a time: number, index or from.
certification-too-many = There are too many. Tidy up before you add more.

# Refusals: what happened, what to do
problem-certification-conflict = A conflict of interest
    .detail = You have a tie to this mall, or have not declared to have none. Declare, or leave it to somebody else.
problem-certification-stale-items = Somebody changed items meanwhile
    .detail = These items were changed meanwhile: { $items }. Reload them and repeat your change; nothing else is lost.
problem-certification-state = Not in this state
    .detail = The application is "{ $state ->
        [draft] draft
        [submitted] handed in
        [district_review] district review
        [desk_review] desk review
        [site_audit] site audit
        [rectification] rectification
        [verified] scoring
        [committee] committee
        [public_notice] public notice
        [listed] listed
        [refused] refused
        [appealed] under appeal
        [closed] closed
        [withdrawn] withdrawn
       *[other] { $state }
    }"; one cannot { $event ->
        [submit] hand in
        [return] give back
        [accept] accept
        [reject] reject
        [assign] draw assessors
        [begin_audit] open the visit
        [request_rectification] ask for rectification
        [finish_audit] close the visit
        [verify] confirm the rectification
        [lapse_rectification] let the rectification lapse
        [agree] agree on the scores
        [announce] announce
        [decline] decline
        [grant] grant
        [refuse] refuse
        [appeal] appeal
        [dismiss] dismiss the appeal
        [admit] admit the appeal
        [lapse_appeal] let the time to appeal lapse
        [withdraw] withdraw
       *[other] { $event }
    } now. Reload the page.
problem-certification-not-yet = Not yet
    .detail = To { $event ->
        [submit] hand in
        [return] give back
        [accept] accept
        [reject] reject
        [assign] draw assessors
        [begin_audit] open the visit
        [request_rectification] ask for rectification
        [finish_audit] close the visit
        [verify] confirm the rectification
        [lapse_rectification] let the rectification lapse
        [agree] agree on the scores
        [announce] announce
        [decline] decline
        [grant] grant
        [refuse] refuse
        [appeal] appeal
        [dismiss] dismiss the appeal
        [admit] admit the appeal
        [lapse_appeal] let the time to appeal lapse
        [withdraw] withdraw
       *[other] { $event }
    } takes { $guard ->
        [none] nothing
        [complete] every item answered and shown, and the mall eligible
        [panel] an odd and sufficient number of assessors without conflicts
        [declared] a declaration of each assessor
        [seen_with_findings] every item seen on site, and open findings
        [seen_and_clean] every item seen on site, and no open finding
        [clean] all findings put right
        [overdue] the time to be over
        [agreed] every sheet sealed, and a reason for each large difference
        [carried] a passing score, the quorum, and the majority
        [not_carried] the quorum, and a score that fails or no majority
        [notice_clear] a passing score, the notice over, and no objection open or upheld
        [upheld] an upheld objection
        [may_appeal] time to appeal left, and no appeal before
       *[other] { $guard }
    }.
problem-certification-certificate-state = Not in this state of the certificate
    .detail = The certificate is "{ $state ->
        [active] in force
        [review_required] under review
        [suspended] suspended
        [revoked] revoked
        [revocation_appealed] revoked, under appeal
        [expired] expired
        [renewed] renewed
       *[other] { $state }
    }"; it cannot be "{ $event ->
        [grant] granted
        [flag_review] marked for review
        [clear_review] review cleared
        [change_scope] scope changed
        [suspend] suspended
        [reinstate] reinstated
        [revoke] revoked
        [appeal_revocation] appealed against the revocation
        [uphold_revocation] revocation upheld
        [overturn_revocation] revocation overturned
        [expire] expired
        [renew] renewed
       *[other] { $event }
    }" now. Reload the page.
problem-certification-frozen = It is handed in and frozen
    .detail = What was handed in does not change, so that what is judged is what was handed in. Ask the office to give it back if something is missing.
problem-certification-not-now = Not the time for this step
    .detail = The application is now "{ $state ->
        [draft] draft
        [submitted] handed in
        [district_review] district review
        [desk_review] desk review
        [site_audit] site audit
        [rectification] rectification
        [verified] scoring
        [committee] committee
        [public_notice] public notice
        [listed] listed
        [refused] refused
        [appealed] under appeal
        [closed] closed
        [withdrawn] withdrawn
       *[other] { $state }
    }", which does not have this step. Reload the page.
problem-certification-incomplete = { $count } things are missing
    .detail = Complete the answers, reasons and evidence that are listed, and try again.
problem-certification-under-way = An application is under way
    .detail = A mall has one application at a time. Finish or withdraw the other first.
problem-certification-barred = Barred after a revocation
    .detail = After a revocation a mall may not apply for two years; come back after { $until }.
problem-certification-pool = Too few assessors
    .detail = Only { $free } assessors are free of conflicts, { $needed } are needed. Add to the pool first.
problem-certification-sealed = It is sealed
    .detail = What is sealed or decided does not change any more.
problem-certification-rubric = { $count } faults in the rubric
    .detail = Put right what is listed by place, and save again.
problem-certification-rubric-unreadable = The rubric cannot be read
    .detail = It is not in the right form: { $what }
problem-certification-rubric-published = A published version does not change
    .detail = Make a new version. Applications under way keep theirs.
problem-certification-csv = { $count } faults in the file
    .detail = The first is in line { $line }. Put right what is listed and send it again; nothing was taken from the file.
problem-certification-file = The file is not taken
    .detail = { $reason ->
        [empty] The file is empty. Choose it again.
        [too-large] The file is over 20 MiB. Make it smaller.
        [unknown-kind] PDF, JPEG, PNG, WebP and CSV are taken. Send another format.
        [too-many] The item has 30 files already. Remove one first.
       *[other] { $reason }
    }

# Names
certification-state-draft = draft
certification-state-submitted = handed in
certification-state-district_review = district review
certification-state-desk_review = desk review
certification-state-site_audit = site audit
certification-state-rectification = rectification
certification-state-verified = scoring
certification-state-committee = committee
certification-state-public_notice = public notice
certification-state-listed = listed
certification-state-refused = refused
certification-state-appealed = under appeal
certification-state-closed = closed
certification-state-withdrawn = withdrawn
certification-event-submit = hand in
certification-event-return = give back
certification-event-accept = accept
certification-event-reject = reject
certification-event-assign = draw assessors
certification-event-begin_audit = open the visit
certification-event-request_rectification = ask for rectification
certification-event-finish_audit = close the visit
certification-event-verify = confirm the rectification
certification-event-lapse_rectification = let the rectification lapse
certification-event-agree = agree on the scores
certification-event-announce = announce
certification-event-decline = decline
certification-event-grant = grant
certification-event-refuse = refuse
certification-event-appeal = appeal
certification-event-dismiss = dismiss the appeal
certification-event-admit = admit the appeal
certification-event-lapse_appeal = let the time to appeal lapse
certification-event-withdraw = withdraw
certification-guard-none = nothing
certification-guard-complete = every item answered and shown, and the mall eligible
certification-guard-panel = an odd and sufficient number of assessors without conflicts
certification-guard-declared = a declaration of each assessor
certification-guard-seen_with_findings = every item seen on site, and open findings
certification-guard-seen_and_clean = every item seen on site, and no open finding
certification-guard-clean = all findings put right
certification-guard-overdue = the time to be over
certification-guard-agreed = every sheet sealed, and a reason for each large difference
certification-guard-carried = a passing score, the quorum, and the majority
certification-guard-not_carried = the quorum, and a score that fails or no majority
certification-guard-notice_clear = a passing score, the notice over, and no objection open or upheld
certification-guard-upheld = an upheld objection
certification-guard-may_appeal = time to appeal left, and no appeal before
certification-certificate-state-active = in force
certification-certificate-state-review_required = under review
certification-certificate-state-suspended = suspended
certification-certificate-state-revoked = revoked
certification-certificate-state-revocation_appealed = revoked, under appeal
certification-certificate-state-expired = expired
certification-certificate-state-renewed = renewed
certification-certificate-event-grant = granted
certification-certificate-event-flag_review = marked for review
certification-certificate-event-clear_review = review cleared
certification-certificate-event-change_scope = scope changed
certification-certificate-event-suspend = suspended
certification-certificate-event-reinstate = reinstated
certification-certificate-event-revoke = revoked
certification-certificate-event-appeal_revocation = appealed against the revocation
certification-certificate-event-uphold_revocation = revocation upheld
certification-certificate-event-overturn_revocation = revocation overturned
certification-certificate-event-expire = expired
certification-certificate-event-renew = renewed
certification-pillar-energy = Energy and water
certification-pillar-goods = Goods that save
certification-pillar-waste = Waste recovery
certification-pillar-management = Management
certification-pillar-service = Service
certification-evidence-kind-document = Document
certification-evidence-kind-certificate = Certificate
certification-evidence-kind-photo = Photo
certification-evidence-kind-meter_data = Meter data
certification-evidence-kind-sales_data = Sales data
certification-evidence-kind-inventory = Inventory
certification-evidence-kind-ledger = Ledger
certification-evidence-kind-system_record = System record
certification-trust-self_declared = Self-declared
certification-trust-document = Documented
certification-trust-measured = Measured
certification-trust-verified_by_system = Verified by the system
certification-carrier-electricity = Electricity
certification-carrier-gas = Gas
certification-carrier-heat = Heat
certification-carrier-water = Water
certification-driver-hdd = Heating degree days
certification-driver-cdd = Cooling degree days
certification-driver-hours = Opening hours
certification-driver-turnover = Turnover
certification-driver-visitors = Visitors
certification-driver-days = Days
certification-weak-cv-rmse = The model scatters much
certification-weak-r-squared = The model explains little
certification-weak-uncertainty = The saving is uncertain
certification-weak-gaps = Months are missing
certification-eligibility-facts = Facts of the mall
certification-eligibility-open = Months open
certification-eligibility-meters = Months of readings in a row
certification-eligibility-features = Features
certification-lacks-answer = No answer
certification-lacks-reason = No reason
certification-lacks-evidence = Evidence is missing
certification-lacks-trust = Weaker evidence than asked; counts in part
certification-short-gate = A ★ is not passed
certification-short-total = The total is too low
certification-short-category = A category is too low
certification-short-measure = A required measure is missing
certification-outcome-conforms = As said
certification-outcome-deviates = Not as said
certification-outcome-not_applicable = Does not apply
certification-severity-minor = Minor
certification-severity-major = Major
certification-finding-open = Open
certification-finding-answered = Answered
certification-finding-closed = Put right
certification-vote-for = For
certification-vote-against = Against
certification-vote-abstain = Abstain
certification-objection-open = Open
certification-objection-upheld = Upheld
certification-objection-dismissed = Dismissed
certification-surveillance-due = Report due
certification-surveillance-reported = To be looked at
certification-surveillance-passed = Passed
certification-surveillance-failed = Failed
certification-surveillance-kind-annual = Yearly report
certification-surveillance-kind-random = Re-audit by lot
certification-format-shopping_centre = Shopping centre
certification-format-department_store = Department store
certification-format-supermarket = Supermarket
certification-format-building_materials = Building-materials store
certification-format-warehouse_club = Warehouse club
certification-rule-gate = ★ gate
certification-rule-step = Steps
certification-rule-linear = Linear
certification-rule-judgement = Judgement
certification-rubric-version = The version is of letters, digits, dots and dashes
certification-rubric-date = Not a day
certification-rubric-percent = Percent lie between 0 and 100
certification-rubric-trust-order = Stronger evidence must not count less
certification-rubric-too-many-features = More features asked for than listed
certification-rubric-empty = No categories or items
certification-rubric-too-many-items = Too many items
certification-rubric-unknown-measure = No item has this measure
certification-rubric-code = The code is empty or used twice
certification-rubric-sum = The points differ from the sum of the items
certification-rubric-no-points = The category has no points
certification-rubric-too-many-points = An item has 10,000 points at most
certification-rubric-gate-points = A ★ has no points, and every other item has
certification-rubric-gate-not-applicable = A ★ always applies
certification-rubric-no-evidence = No evidence is asked for
certification-rubric-measure = The measure is missing
certification-rubric-steps = The steps must run from best to worst
certification-rubric-best-step = The best step must give the points of the item
certification-rubric-linear = The two values must differ
certification-rubric-words = The name is empty or too long
certification-csv-unreadable = Cannot be read
certification-csv-twice = Twice
certification-csv-missing = The column is missing
certification-csv-month = A month is written 2026-03
certification-csv-number = Not a number
certification-csv-negative = Below zero
certification-csv-too-many = Too many lines
certification-csv-empty = Empty
certification-csv-barcode = The barcode is missing or too long
certification-csv-scheme = No such scheme
certification-csv-grade = The grade is 1 to 5
certification-file-empty = The file is empty. Choose it again.
certification-file-too-large = The file is over 20 MiB. Make it smaller.
certification-file-unknown-kind = PDF, JPEG, PNG, WebP and CSV are taken. Send another format.
certification-file-too-many = The item has 30 files already. Remove one first.
