CREATE TABLE counter (
  name VARCHAR(60) NOT NULL,
  value INTEGER NOT NULL,
  CONSTRAINT pk_counter PRIMARY KEY (name)
)
--
CREATE TABLE credit (
  name VARCHAR(120) NOT NULL,
  cents INTEGER NOT NULL,
  CONSTRAINT pk_credit PRIMARY KEY (name),
  CONSTRAINT ck_credit_not_below_zero CHECK (cents >= 0)
)
--
CREATE TABLE employer_group (
  id INTEGER NOT NULL,
  number VARCHAR(80) NOT NULL,
  version INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_employer_group PRIMARY KEY (id),
  CONSTRAINT uq_employer_group_number UNIQUE (number)
)
--
CREATE TABLE file (
  id VARCHAR(20) NOT NULL,
  sha256 VARCHAR(64) DEFAULT '' NOT NULL,
  name VARCHAR(255) DEFAULT '' NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  channel VARCHAR(40) DEFAULT '' NOT NULL,
  size INTEGER DEFAULT '0' NOT NULL,
  received_at DATETIME NOT NULL,
  environment VARCHAR(20) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  state VARCHAR(20),
  attempts INTEGER DEFAULT '0' NOT NULL,
  failure TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_file PRIMARY KEY (id)
)
--
CREATE INDEX ix_file_partner ON file (partner)
--
CREATE INDEX ix_file_sha256 ON file (sha256)
--
CREATE INDEX ix_file_unfinished ON file (id) WHERE state IS NULL
--
CREATE TABLE guard (
  name VARCHAR(120) NOT NULL,
  version INTEGER NOT NULL,
  CONSTRAINT pk_guard PRIMARY KEY (name)
)
--
CREATE TABLE key_ring (
  key_id VARCHAR(20) NOT NULL,
  proof VARCHAR(64) NOT NULL,
  CONSTRAINT pk_key_ring PRIMARY KEY (key_id)
)
--
CREATE TABLE lease (
  name VARCHAR(120) NOT NULL,
  holder VARCHAR(80) DEFAULT '' NOT NULL,
  expires_at DATETIME NOT NULL,
  CONSTRAINT pk_lease PRIMARY KEY (name)
)
--
CREATE TABLE input (
  id INTEGER NOT NULL,
  key VARCHAR(40) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  received_at DATETIME NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  sha256 VARCHAR(64) DEFAULT '' NOT NULL,
  settings VARCHAR(16) DEFAULT '' NOT NULL,
  CONSTRAINT pk_input PRIMARY KEY (id),
  CONSTRAINT uq_input_key UNIQUE (key)
)
--
CREATE TABLE tx (
  id INTEGER NOT NULL,
  at DATETIME NOT NULL,
  recorded_at DATETIME NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  what VARCHAR(80) DEFAULT '' NOT NULL,
  set_id INTEGER,
  input_id INTEGER NOT NULL,
  args TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_tx PRIMARY KEY (id),
  CONSTRAINT fk_tx_input_id FOREIGN KEY(input_id) REFERENCES input (id)
)
--
CREATE INDEX ix_tx_input_id ON tx (input_id)
--
CREATE TABLE step (
  seq INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  release VARCHAR(40) DEFAULT '' NOT NULL,
  lock VARCHAR(16) DEFAULT '' NOT NULL,
  terms VARCHAR(64) DEFAULT '' NOT NULL,
  numbers TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  digest VARCHAR(64) DEFAULT '' NOT NULL,
  hash VARCHAR(64) DEFAULT '' NOT NULL,
  CONSTRAINT pk_step PRIMARY KEY (seq),
  CONSTRAINT uq_step_tx UNIQUE (tx),
  CONSTRAINT fk_step_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE agreement (
  id INTEGER NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  code VARCHAR(80) DEFAULT '' NOT NULL,
  source TEXT DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_agreement PRIMARY KEY (id),
  CONSTRAINT fk_agreement_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_agreement_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_agreement_current ON agreement (kind, code) WHERE tx_to IS NULL
--
CREATE TABLE operator (
  id INTEGER NOT NULL,
  name VARCHAR(80) DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_operator PRIMARY KEY (id),
  CONSTRAINT fk_operator_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_operator_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_operator_current ON operator (name) WHERE tx_to IS NULL
--
CREATE TABLE audit (
  id INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  action VARCHAR(60) DEFAULT '' NOT NULL,
  subject VARCHAR(120) DEFAULT '' NOT NULL,
  detail TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_audit PRIMARY KEY (id),
  CONSTRAINT fk_audit_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE billing_account (
  id INTEGER NOT NULL,
  number VARCHAR(80) NOT NULL,
  group_id INTEGER NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  held_by VARCHAR(80) NOT NULL,
  CONSTRAINT pk_billing_account PRIMARY KEY (id),
  CONSTRAINT uq_billing_account_number UNIQUE (number),
  CONSTRAINT fk_billing_account_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE TABLE contract (
  id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  number_cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  number_token VARCHAR(32) DEFAULT '' NOT NULL,
  masked VARCHAR(80) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  CONSTRAINT pk_contract PRIMARY KEY (id),
  CONSTRAINT uq_contract_group_id_number_token UNIQUE (group_id, number_token),
  CONSTRAINT fk_contract_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_contract_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id)
)
--
CREATE TABLE contract_number (
  id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  number_cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  number_token VARCHAR(32) DEFAULT '' NOT NULL,
  masked VARCHAR(80) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_contract_number PRIMARY KEY (id),
  CONSTRAINT fk_contract_number_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id),
  CONSTRAINT fk_contract_number_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_contract_number_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_contract_number_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_contract_number_contract_id ON contract_number (contract_id)
--
CREATE UNIQUE INDEX uq_contract_number_current ON contract_number (group_id, number_token) WHERE tx_to IS NULL
--
CREATE TABLE deposit (
  id INTEGER NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents INTEGER NOT NULL,
  date DATE NOT NULL,
  again INTEGER DEFAULT '0' NOT NULL,
  remittance_id INTEGER DEFAULT '0' NOT NULL,
  placed_tx INTEGER DEFAULT '0' NOT NULL,
  void_tx INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_deposit PRIMARY KEY (id),
  CONSTRAINT uq_deposit_trace_company_cents_again UNIQUE (trace, company, cents, again),
  CONSTRAINT fk_deposit_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_deposit_open ON deposit (trace) WHERE remittance_id = 0 AND placed_tx = 0 AND void_tx = 0
--
CREATE TABLE interchange (
  id INTEGER NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  sender_qualifier VARCHAR(2) DEFAULT '' NOT NULL,
  sender VARCHAR(40) DEFAULT '' NOT NULL,
  receiver_qualifier VARCHAR(2) DEFAULT '' NOT NULL,
  receiver VARCHAR(40) DEFAULT '' NOT NULL,
  date VARCHAR(12) DEFAULT '' NOT NULL,
  time VARCHAR(12) DEFAULT '' NOT NULL,
  version VARCHAR(12) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  ack_requested BOOLEAN NOT NULL,
  usage VARCHAR(4) DEFAULT '' NOT NULL,
  delimiters VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(1) DEFAULT '' NOT NULL,
  code VARCHAR(3) DEFAULT '' NOT NULL,
  answerable BOOLEAN NOT NULL,
  start INTEGER DEFAULT '0' NOT NULL,
  "end" INTEGER DEFAULT '0' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_interchange PRIMARY KEY (id),
  CONSTRAINT fk_interchange_file_id FOREIGN KEY(file_id) REFERENCES file (id)
)
--
CREATE INDEX ix_interchange_file_id ON interchange (file_id)
--
CREATE INDEX ix_interchange_identity ON interchange (sender_qualifier, sender, receiver_qualifier, receiver, control)
--
CREATE TABLE outbox (
  id INTEGER NOT NULL,
  "key" VARCHAR(160) NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  statement TEXT DEFAULT '' NOT NULL,
  file_id VARCHAR(20),
  names TEXT DEFAULT '' NOT NULL,
  delivered_at DATETIME,
  tx INTEGER NOT NULL,
  interchange INTEGER DEFAULT '0' NOT NULL,
  functional_group INTEGER DEFAULT '0' NOT NULL,
  answers VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(4) DEFAULT '' NOT NULL,
  failure VARCHAR(200) DEFAULT '' NOT NULL,
  held_at DATETIME,
  CONSTRAINT pk_outbox PRIMARY KEY (id),
  CONSTRAINT uq_outbox_key UNIQUE ("key"),
  CONSTRAINT fk_outbox_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_outbox_delivered_at ON outbox (delivered_at, partner)
--
CREATE INDEX ix_outbox_file_id ON outbox (file_id)
--
CREATE INDEX ix_outbox_functional_group ON outbox (functional_group)
--
CREATE INDEX ix_outbox_interchange ON outbox (interchange)
--
CREATE INDEX ix_outbox_partner ON outbox (partner)
--
CREATE TABLE pickup (
  id INTEGER NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  source VARCHAR(64) DEFAULT '' NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  CONSTRAINT pk_pickup PRIMARY KEY (id),
  CONSTRAINT uq_pickup_partner_source UNIQUE (partner, source),
  CONSTRAINT fk_pickup_file_id FOREIGN KEY(file_id) REFERENCES file (id)
)
--
CREATE TABLE person (
  id INTEGER NOT NULL,
  member_id VARCHAR(20) NOT NULL,
  tx_from INTEGER NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT uq_person_member_id UNIQUE (member_id),
  CONSTRAINT fk_person_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id)
)
--
CREATE TABLE statement_rows (
  id INTEGER NOT NULL,
  "key" VARCHAR(160) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  rank INTEGER DEFAULT '0' NOT NULL,
  part INTEGER NOT NULL,
  first INTEGER DEFAULT '0' NOT NULL,
  last INTEGER DEFAULT '0' NOT NULL,
  "rows" BLOB NOT NULL,
  CONSTRAINT pk_statement_rows PRIMARY KEY (id)
)
--
CREATE INDEX ix_statement_rows_key ON statement_rows ("key", rank, part, first)
--
CREATE TABLE transfer (
  id INTEGER NOT NULL,
  debit VARCHAR(120) DEFAULT '' NOT NULL,
  credit VARCHAR(120) DEFAULT '' NOT NULL,
  cents INTEGER NOT NULL,
  effective DATE NOT NULL,
  tx INTEGER NOT NULL,
  cause VARCHAR(40) DEFAULT '' NOT NULL,
  invoice VARCHAR(20) DEFAULT '' NOT NULL,
  remittance_id INTEGER DEFAULT '0' NOT NULL,
  line INTEGER DEFAULT '0' NOT NULL,
  deposit_id INTEGER DEFAULT '0' NOT NULL,
  contract_id INTEGER DEFAULT '0' NOT NULL,
  group_number VARCHAR(80) DEFAULT '' NOT NULL,
  CONSTRAINT pk_transfer PRIMARY KEY (id),
  CONSTRAINT ck_transfer_positive CHECK (cents > 0),
  CONSTRAINT ck_transfer_two_accounts CHECK (debit <> credit),
  CONSTRAINT fk_transfer_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_transfer_credit ON transfer (credit, tx, cents)
--
CREATE INDEX ix_transfer_debit ON transfer (debit, tx, cents)
--
CREATE INDEX ix_transfer_invoice ON transfer (invoice)
--
CREATE INDEX ix_transfer_remittance_id ON transfer (remittance_id)
--
CREATE TABLE assignment (
  id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_assignment PRIMARY KEY (id),
  CONSTRAINT ck_assignment_span CHECK (begin_date <= end_date),
  CONSTRAINT fk_assignment_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id),
  CONSTRAINT fk_assignment_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_assignment_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_assignment_contract_id ON assignment (contract_id)
--
CREATE TABLE enrollee (
  id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  relationship VARCHAR(4) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_enrollee PRIMARY KEY (id),
  CONSTRAINT fk_enrollee_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id),
  CONSTRAINT fk_enrollee_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_enrollee_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_enrollee_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_enrollee_contract_id ON enrollee (contract_id)
--
CREATE INDEX ix_enrollee_person_id ON enrollee (person_id)
--
CREATE UNIQUE INDEX uq_enrollee_current ON enrollee (contract_id, person_id) WHERE tx_to IS NULL
--
CREATE TABLE functional_group (
  id INTEGER NOT NULL,
  interchange_id INTEGER NOT NULL,
  code VARCHAR(4) DEFAULT '' NOT NULL,
  sender VARCHAR(40) DEFAULT '' NOT NULL,
  receiver VARCHAR(40) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  version VARCHAR(40) DEFAULT '' NOT NULL,
  date VARCHAR(12) DEFAULT '' NOT NULL,
  time VARCHAR(12) DEFAULT '' NOT NULL,
  verdict VARCHAR(1) DEFAULT '' NOT NULL,
  declared INTEGER DEFAULT '0' NOT NULL,
  received INTEGER DEFAULT '0' NOT NULL,
  accepted INTEGER DEFAULT '0' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_functional_group PRIMARY KEY (id),
  CONSTRAINT fk_functional_group_interchange_id FOREIGN KEY(interchange_id) REFERENCES interchange (id)
)
--
CREATE INDEX ix_functional_group_interchange_id ON functional_group (interchange_id)
--
CREATE TABLE invoice (
  id INTEGER NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  month VARCHAR(7) NOT NULL,
  issued DATE NOT NULL,
  due DATE NOT NULL,
  total INTEGER NOT NULL,
  statement TEXT DEFAULT '' NOT NULL,
  tx INTEGER NOT NULL,
  void_tx INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_invoice PRIMARY KEY (id),
  CONSTRAINT uq_invoice_number UNIQUE (number),
  CONSTRAINT fk_invoice_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_invoice_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_invoice_account_month ON invoice (account, month) WHERE void_tx = 0
--
CREATE INDEX ix_invoice_void ON invoice (id) WHERE void_tx <> 0
--
CREATE TABLE item (
  id INTEGER NOT NULL,
  number INTEGER,
  kind VARCHAR(20) NOT NULL,
  subject VARCHAR(160) NOT NULL,
  rule VARCHAR(60) NOT NULL,
  line VARCHAR(400) DEFAULT '' NOT NULL,
  label VARCHAR(160) DEFAULT '' NOT NULL,
  group_number VARCHAR(80) DEFAULT '' NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  file_id VARCHAR(20) DEFAULT '' NOT NULL,
  set_id INTEGER DEFAULT '0' NOT NULL,
  member INTEGER DEFAULT '0' NOT NULL,
  severity VARCHAR(10) DEFAULT '' NOT NULL,
  cents INTEGER DEFAULT '0' NOT NULL,
  since DATE NOT NULL,
  due DATE NOT NULL,
  receipts INTEGER DEFAULT '0' NOT NULL,
  owner VARCHAR(80) DEFAULT '' NOT NULL,
  requested VARCHAR(20) DEFAULT '' NOT NULL,
  requested_by VARCHAR(80) DEFAULT '' NOT NULL,
  opened_tx INTEGER NOT NULL,
  closed_tx INTEGER,
  closed_how VARCHAR(12) DEFAULT '' NOT NULL,
  CONSTRAINT pk_item PRIMARY KEY (id),
  CONSTRAINT uq_item_number UNIQUE (number),
  CONSTRAINT fk_item_opened_tx FOREIGN KEY(opened_tx) REFERENCES tx (id),
  CONSTRAINT fk_item_closed_tx FOREIGN KEY(closed_tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_item_due ON item (due, number) WHERE closed_tx IS NULL
--
CREATE INDEX ix_item_group ON item (group_number, kind) WHERE closed_tx IS NULL
--
CREATE INDEX ix_item_subject ON item (subject)
--
CREATE INDEX ix_item_unnumbered ON item (opened_tx) WHERE number IS NULL
--
CREATE UNIQUE INDEX uq_item_open ON item (kind, subject, rule, line) WHERE closed_tx IS NULL
--
CREATE TABLE item_event (
  id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  what VARCHAR(12) DEFAULT '' NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  text TEXT DEFAULT '' NOT NULL,
  file_id VARCHAR(20) DEFAULT '' NOT NULL,
  set_id INTEGER DEFAULT '0' NOT NULL,
  member INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_item_event PRIMARY KEY (id),
  CONSTRAINT fk_item_event_item_id FOREIGN KEY(item_id) REFERENCES item (id),
  CONSTRAINT fk_item_event_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_item_event_item_id ON item_event (item_id)
--
CREATE TABLE person_facts (
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  last VARCHAR(80) DEFAULT '' NOT NULL,
  first VARCHAR(80) DEFAULT '' NOT NULL,
  middle VARCHAR(40) DEFAULT '' NOT NULL,
  suffix VARCHAR(20) DEFAULT '' NOT NULL,
  birth DATE,
  gender VARCHAR(1) DEFAULT '' NOT NULL,
  home_line1 VARCHAR(80) DEFAULT '' NOT NULL,
  home_line2 VARCHAR(80) DEFAULT '' NOT NULL,
  home_city VARCHAR(40) DEFAULT '' NOT NULL,
  home_state VARCHAR(4) DEFAULT '' NOT NULL,
  home_zip VARCHAR(20) DEFAULT '' NOT NULL,
  home_country VARCHAR(4) DEFAULT '' NOT NULL,
  mail_line1 VARCHAR(80) DEFAULT '' NOT NULL,
  mail_line2 VARCHAR(80) DEFAULT '' NOT NULL,
  mail_city VARCHAR(40) DEFAULT '' NOT NULL,
  mail_state VARCHAR(4) DEFAULT '' NOT NULL,
  mail_zip VARCHAR(20) DEFAULT '' NOT NULL,
  mail_country VARCHAR(4) DEFAULT '' NOT NULL,
  phone VARCHAR(256) DEFAULT '' NOT NULL,
  email VARCHAR(256) DEFAULT '' NOT NULL,
  confidentiality VARCHAR(1) DEFAULT '' NOT NULL,
  birth_sequence INTEGER DEFAULT '0' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_person_facts PRIMARY KEY (id),
  CONSTRAINT fk_person_facts_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_person_facts_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_person_facts_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_person_facts_person_id ON person_facts (person_id)
--
CREATE UNIQUE INDEX uq_person_facts_current ON person_facts (person_id) WHERE tx_to IS NULL
--
CREATE INDEX ix_person_facts_birth ON person_facts (birth) WHERE tx_to IS NULL
--
CREATE INDEX ix_person_facts_last ON person_facts (upper(last)) WHERE tx_to IS NULL
--
CREATE INDEX ix_person_facts_first ON person_facts (upper(first)) WHERE tx_to IS NULL
--
CREATE TABLE person_alias (
  id INTEGER NOT NULL,
  member_id VARCHAR(20) NOT NULL,
  person_id INTEGER NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_person_alias PRIMARY KEY (id),
  CONSTRAINT fk_person_alias_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_person_alias_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_person_alias_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_person_alias_person_id ON person_alias (person_id)
--
CREATE UNIQUE INDEX uq_person_alias_current ON person_alias (member_id) WHERE tx_to IS NULL
--
CREATE TABLE person_ssn (
  id INTEGER NOT NULL,
  person_id INTEGER NOT NULL,
  cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  token VARCHAR(32) DEFAULT '' NOT NULL,
  last4_token VARCHAR(32) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_person_ssn PRIMARY KEY (id),
  CONSTRAINT fk_person_ssn_person_id FOREIGN KEY(person_id) REFERENCES person (id),
  CONSTRAINT fk_person_ssn_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_person_ssn_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_person_ssn_last4_token ON person_ssn (last4_token)
--
CREATE INDEX ix_person_ssn_person_id ON person_ssn (person_id)
--
CREATE INDEX ix_person_ssn_token ON person_ssn (token)
--
CREATE UNIQUE INDEX uq_person_ssn_current ON person_ssn (person_id) WHERE tx_to IS NULL
--
CREATE TABLE acknowledgment (
  id INTEGER NOT NULL,
  interchange_id INTEGER NOT NULL,
  outbox_id INTEGER,
  kind VARCHAR(4) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  set_control VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(4) DEFAULT '' NOT NULL,
  codes VARCHAR(40) DEFAULT '' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_acknowledgment PRIMARY KEY (id),
  CONSTRAINT fk_acknowledgment_interchange_id FOREIGN KEY(interchange_id) REFERENCES interchange (id),
  CONSTRAINT fk_acknowledgment_outbox_id FOREIGN KEY(outbox_id) REFERENCES outbox (id)
)
--
CREATE INDEX ix_acknowledgment_interchange_id ON acknowledgment (interchange_id)
--
CREATE INDEX ix_acknowledgment_outbox_id ON acknowledgment (outbox_id)
--
CREATE TABLE charge (
  id INTEGER NOT NULL,
  invoice_id INTEGER NOT NULL,
  account VARCHAR(80) NOT NULL,
  contract_id INTEGER NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  "plan" VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  month VARCHAR(7) NOT NULL,
  cents INTEGER NOT NULL,
  kind VARCHAR(10) DEFAULT '' NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  cause_tx INTEGER DEFAULT '0' NOT NULL,
  person_id INTEGER DEFAULT '0' NOT NULL,
  days INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_charge PRIMARY KEY (id),
  CONSTRAINT fk_charge_invoice_id FOREIGN KEY(invoice_id) REFERENCES invoice (id),
  CONSTRAINT fk_charge_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_charge_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id),
  CONSTRAINT fk_charge_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_charge_account_month ON charge (account, month)
--
CREATE INDEX ix_charge_contract_id ON charge (contract_id)
--
CREATE INDEX ix_charge_invoice_id ON charge (invoice_id)
--
CREATE TABLE consolidated (
  id INTEGER NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  invoice VARCHAR(20) NOT NULL,
  cents INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_consolidated PRIMARY KEY (id),
  CONSTRAINT uq_consolidated_number_account UNIQUE (number, account),
  CONSTRAINT fk_consolidated_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_consolidated_invoice FOREIGN KEY(invoice) REFERENCES invoice (number),
  CONSTRAINT fk_consolidated_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE coverage (
  id INTEGER NOT NULL,
  enrollee_id INTEGER NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  "plan" VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  end_reason VARCHAR(20) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_coverage PRIMARY KEY (id),
  CONSTRAINT ck_coverage_span CHECK (begin_date <= end_date),
  CONSTRAINT fk_coverage_enrollee_id FOREIGN KEY(enrollee_id) REFERENCES enrollee (id),
  CONSTRAINT fk_coverage_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_coverage_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_coverage_enrollee_id ON coverage (enrollee_id)
--
CREATE TABLE settled (
  group_id INTEGER NOT NULL,
  month VARCHAR(7) NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_settled PRIMARY KEY (group_id),
  CONSTRAINT fk_settled_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_settled_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE unchanged (
  id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  "key" VARCHAR(32) NOT NULL,
  state TEXT DEFAULT '' NOT NULL,
  since DATE NOT NULL,
  until DATE NOT NULL,
  answer BLOB NOT NULL,
  CONSTRAINT pk_unchanged PRIMARY KEY (id),
  CONSTRAINT uq_unchanged_contract_id_partner UNIQUE (contract_id, partner),
  CONSTRAINT uq_unchanged_key UNIQUE ("key"),
  CONSTRAINT fk_unchanged_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE TABLE unsettled (
  group_id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  CONSTRAINT pk_unsettled PRIMARY KEY (group_id, contract_id),
  CONSTRAINT fk_unsettled_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_unsettled_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE TABLE member_facts (
  id INTEGER NOT NULL,
  enrollee_id INTEGER NOT NULL,
  plain TEXT DEFAULT '' NOT NULL,
  cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_member_facts PRIMARY KEY (id),
  CONSTRAINT fk_member_facts_enrollee_id FOREIGN KEY(enrollee_id) REFERENCES enrollee (id),
  CONSTRAINT fk_member_facts_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_member_facts_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_member_facts_enrollee_id ON member_facts (enrollee_id)
--
CREATE UNIQUE INDEX uq_member_facts_current ON member_facts (enrollee_id) WHERE tx_to IS NULL
--
CREATE TABLE cobra (
  id INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  person_id INTEGER DEFAULT '0' NOT NULL,
  event VARCHAR(2) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_cobra PRIMARY KEY (id),
  CONSTRAINT ck_cobra_span CHECK (begin_date <= end_date),
  CONSTRAINT fk_cobra_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id),
  CONSTRAINT fk_cobra_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_cobra_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE INDEX ix_cobra_contract_id ON cobra (contract_id)
--
CREATE TABLE transaction_set (
  id INTEGER NOT NULL,
  functional_group_id INTEGER NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  kind VARCHAR(10) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  version VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(1) DEFAULT '' NOT NULL,
  purpose VARCHAR(4) DEFAULT '' NOT NULL,
  reference VARCHAR(80) DEFAULT '' NOT NULL,
  set_date DATE,
  set_time VARCHAR(8) DEFAULT '' NOT NULL,
  action VARCHAR(4) DEFAULT '' NOT NULL,
  body_hash VARCHAR(64) DEFAULT '' NOT NULL,
  state VARCHAR(20),
  reason TEXT DEFAULT '' NOT NULL,
  start INTEGER DEFAULT '0' NOT NULL,
  "end" INTEGER DEFAULT '0' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  segments INTEGER DEFAULT '0' NOT NULL,
  rounds INTEGER DEFAULT '0' NOT NULL,
  pruned INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_transaction_set PRIMARY KEY (id),
  CONSTRAINT fk_transaction_set_functional_group_id FOREIGN KEY(functional_group_id) REFERENCES functional_group (id),
  CONSTRAINT fk_transaction_set_file_id FOREIGN KEY(file_id) REFERENCES file (id)
)
--
CREATE INDEX ix_transaction_set_body_hash ON transaction_set (body_hash)
--
CREATE INDEX ix_transaction_set_file_id ON transaction_set (file_id)
--
CREATE INDEX ix_transaction_set_functional_group_id ON transaction_set (functional_group_id)
--
CREATE TABLE census_rows (
  id INTEGER NOT NULL,
  set_id INTEGER NOT NULL,
  first INTEGER DEFAULT '0' NOT NULL,
  "rows" BLOB NOT NULL,
  CONSTRAINT pk_census_rows PRIMARY KEY (id),
  CONSTRAINT fk_census_rows_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE INDEX ix_census_rows_set_id ON census_rows (set_id, first)
--
CREATE TABLE decision (
  number INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  kind VARCHAR(12) DEFAULT '' NOT NULL,
  file_id VARCHAR(20),
  set_id INTEGER,
  member_line INTEGER DEFAULT '0' NOT NULL,
  round INTEGER DEFAULT '0' NOT NULL,
  digest VARCHAR(64) DEFAULT '' NOT NULL,
  requested_by VARCHAR(80) DEFAULT '' NOT NULL,
  approved_by VARCHAR(80) DEFAULT '' NOT NULL,
  ground VARCHAR(80) DEFAULT '' NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  answer TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_decision PRIMARY KEY (number),
  CONSTRAINT uq_decision_set_id_round UNIQUE (set_id, round),
  CONSTRAINT fk_decision_tx FOREIGN KEY(tx) REFERENCES tx (id),
  CONSTRAINT fk_decision_file_id FOREIGN KEY(file_id) REFERENCES file (id),
  CONSTRAINT fk_decision_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE TABLE disposition (
  id INTEGER NOT NULL,
  set_id INTEGER NOT NULL,
  round INTEGER DEFAULT '0' NOT NULL,
  number INTEGER DEFAULT '0' NOT NULL,
  coverage INTEGER DEFAULT '0' NOT NULL,
  group_number VARCHAR(80) DEFAULT '' NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  subscriber VARCHAR(80) DEFAULT '' NOT NULL,
  member_id VARCHAR(20) DEFAULT '' NOT NULL,
  relationship VARCHAR(4) DEFAULT '' NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  "plan" VARCHAR(80) DEFAULT '' NOT NULL,
  disposition VARCHAR(12) DEFAULT '' NOT NULL,
  cause VARCHAR(12) DEFAULT '' NOT NULL,
  action TEXT DEFAULT '' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_disposition PRIMARY KEY (id),
  CONSTRAINT fk_disposition_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_disposition_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_disposition_set ON disposition (set_id, number, disposition)
--
CREATE TABLE linked (
  id INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  family_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_token VARCHAR(32) DEFAULT '' NOT NULL,
  ssn_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_id INTEGER,
  CONSTRAINT pk_linked PRIMARY KEY (id),
  CONSTRAINT fk_linked_tx FOREIGN KEY(tx) REFERENCES tx (id),
  CONSTRAINT fk_linked_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_linked_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
--
CREATE INDEX ix_linked_family ON linked (group_id, family_token)
--
CREATE TABLE undone (
  id INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  of_tx INTEGER NOT NULL,
  contract_id INTEGER NOT NULL,
  CONSTRAINT pk_undone PRIMARY KEY (id),
  CONSTRAINT fk_undone_tx FOREIGN KEY(tx) REFERENCES tx (id),
  CONSTRAINT fk_undone_of_tx FOREIGN KEY(of_tx) REFERENCES tx (id),
  CONSTRAINT fk_undone_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE INDEX ix_undone_contract_id ON undone (contract_id)
--
CREATE TABLE finding (
  id INTEGER NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  set_id INTEGER,
  number INTEGER DEFAULT '0' NOT NULL,
  coverage INTEGER DEFAULT '0' NOT NULL,
  code VARCHAR(60) DEFAULT '' NOT NULL,
  severity VARCHAR(10) DEFAULT '' NOT NULL,
  interchange VARCHAR(40) DEFAULT '' NOT NULL,
  functional_group VARCHAR(40) DEFAULT '' NOT NULL,
  set_control VARCHAR(40) DEFAULT '' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  segment_id VARCHAR(10) DEFAULT '' NOT NULL,
  element INTEGER DEFAULT '0' NOT NULL,
  component INTEGER DEFAULT '0' NOT NULL,
  "offset" INTEGER DEFAULT '-1' NOT NULL,
  loop VARCHAR(20) DEFAULT '' NOT NULL,
  subject VARCHAR(120) DEFAULT '' NOT NULL,
  message TEXT DEFAULT '' NOT NULL,
  fix TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_finding PRIMARY KEY (id),
  CONSTRAINT fk_finding_file_id FOREIGN KEY(file_id) REFERENCES file (id),
  CONSTRAINT fk_finding_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE INDEX ix_finding_file ON finding (file_id, set_id, number, severity)
--
CREATE TABLE member_line (
  set_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  family_token VARCHAR(32) DEFAULT '' NOT NULL,
  is_subscriber BOOLEAN NOT NULL,
  ssn_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_token VARCHAR(32) DEFAULT '' NOT NULL,
  group_ref VARCHAR(80) DEFAULT '' NOT NULL,
  start INTEGER DEFAULT '0' NOT NULL,
  "end" INTEGER DEFAULT '0' NOT NULL,
  segment INTEGER DEFAULT '0' NOT NULL,
  digest BLOB NOT NULL,
  CONSTRAINT pk_member_line PRIMARY KEY (set_id, number),
  CONSTRAINT fk_member_line_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE INDEX ix_member_line_family ON member_line (set_id, family_token, number)
--
CREATE TABLE remittance (
  id INTEGER NOT NULL,
  set_id INTEGER NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents INTEGER NOT NULL,
  date DATE,
  state VARCHAR(20) DEFAULT '' NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  receipt INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_remittance PRIMARY KEY (id),
  CONSTRAINT uq_remittance_set_id UNIQUE (set_id),
  CONSTRAINT fk_remittance_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_remittance_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_remittance_trace ON remittance (trace)
--
CREATE TABLE set_group (
  set_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  version INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_set_group PRIMARY KEY (set_id, group_id),
  CONSTRAINT fk_set_group_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_set_group_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE INDEX ix_set_group_group_id ON set_group (group_id)
--
CREATE TABLE omitted (
  set_id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  subgroup VARCHAR(80) NOT NULL,
  subscribers INTEGER DEFAULT '0' NOT NULL,
  dependents INTEGER DEFAULT '0' NOT NULL,
  lines INTEGER DEFAULT '0' NOT NULL,
  of_subscribers INTEGER DEFAULT '0' NOT NULL,
  of_dependents INTEGER DEFAULT '0' NOT NULL,
  of_lines INTEGER DEFAULT '0' NOT NULL,
  cents INTEGER DEFAULT '0' NOT NULL,
  CONSTRAINT pk_omitted PRIMARY KEY (set_id, group_id, subgroup),
  CONSTRAINT fk_omitted_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_omitted_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE TABLE memo (
  id INTEGER NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  issued DATE NOT NULL,
  due DATE NOT NULL,
  cents INTEGER NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  remittance_id INTEGER DEFAULT '0' NOT NULL,
  deposit_id INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_memo PRIMARY KEY (id),
  CONSTRAINT uq_memo_number UNIQUE (number),
  CONSTRAINT fk_memo_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_memo_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE bank_file (
  id INTEGER NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  name VARCHAR(255) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  refused INTEGER DEFAULT '0' NOT NULL,
  lines INTEGER DEFAULT '0' NOT NULL,
  known INTEGER DEFAULT '0' NOT NULL,
  credits INTEGER NOT NULL,
  debits INTEGER NOT NULL,
  findings TEXT DEFAULT '' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_bank_file PRIMARY KEY (id),
  CONSTRAINT fk_bank_file_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_bank_file_sha256 ON bank_file (sha256)
--
CREATE TABLE bank_line (
  id INTEGER NOT NULL,
  bank_file_id INTEGER NOT NULL,
  number INTEGER DEFAULT '0' NOT NULL,
  record INTEGER DEFAULT '0' NOT NULL,
  "key" VARCHAR(64) NOT NULL,
  occurrence INTEGER DEFAULT '0' NOT NULL,
  reference VARCHAR(120) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  account VARCHAR(80) DEFAULT '' NOT NULL,
  invoice VARCHAR(40) DEFAULT '' NOT NULL,
  batch VARCHAR(80) DEFAULT '' NOT NULL,
  cents INTEGER NOT NULL,
  date DATE NOT NULL,
  value_date DATE,
  text TEXT DEFAULT '' NOT NULL,
  of_line INTEGER DEFAULT '0' NOT NULL,
  deposit_id INTEGER DEFAULT '0' NOT NULL,
  remittance_id INTEGER DEFAULT '0' NOT NULL,
  refund_id INTEGER DEFAULT '0' NOT NULL,
  returned INTEGER DEFAULT '0' NOT NULL,
  void_tx INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_bank_line PRIMARY KEY (id),
  CONSTRAINT uq_bank_line_key UNIQUE ("key"),
  CONSTRAINT fk_bank_line_bank_file_id FOREIGN KEY(bank_file_id) REFERENCES bank_file (id),
  CONSTRAINT fk_bank_line_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_bank_line_bank_file_id ON bank_line (bank_file_id)
--
CREATE INDEX ix_bank_line_deposit_id ON bank_line (deposit_id)
--
CREATE TABLE reversal (
  id INTEGER NOT NULL,
  deposit_id INTEGER DEFAULT '0' NOT NULL,
  remittance_id INTEGER DEFAULT '0' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  date DATE NOT NULL,
  until DATE NOT NULL,
  cents INTEGER NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_reversal PRIMARY KEY (id),
  CONSTRAINT uq_reversal_deposit_id_remittance_id_trace UNIQUE (deposit_id, remittance_id, trace),
  CONSTRAINT fk_reversal_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE bank_return (
  id INTEGER NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents INTEGER NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  date DATE NOT NULL,
  reference VARCHAR(80) DEFAULT '' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_bank_return PRIMARY KEY (id),
  CONSTRAINT uq_bank_return_reference_trace_cents_date UNIQUE (reference, trace, cents, date),
  CONSTRAINT fk_bank_return_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE refund (
  id INTEGER NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  cents INTEGER NOT NULL,
  issued DATE NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  register INTEGER DEFAULT '0' NOT NULL,
  paid_tx INTEGER DEFAULT '0' NOT NULL,
  returned_tx INTEGER DEFAULT '0' NOT NULL,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_refund PRIMARY KEY (id),
  CONSTRAINT uq_refund_number UNIQUE (number),
  CONSTRAINT fk_refund_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_refund_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE payer_rule (
  id INTEGER NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  token VARCHAR(64) DEFAULT '' NOT NULL,
  said TEXT DEFAULT '' NOT NULL,
  account VARCHAR(80) NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_payer_rule PRIMARY KEY (id),
  CONSTRAINT fk_payer_rule_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_payer_rule_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_payer_rule_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_payer_rule_known ON payer_rule (partner, token) WHERE tx_to IS NULL
--
CREATE TABLE delinquency (
  id INTEGER NOT NULL,
  account VARCHAR(80) NOT NULL,
  contract_id INTEGER DEFAULT '0' NOT NULL,
  stage VARCHAR(20) DEFAULT '' NOT NULL,
  since DATE NOT NULL,
  month VARCHAR(7) NOT NULL,
  due DATE NOT NULL,
  grace_end DATE NOT NULL,
  cents INTEGER NOT NULL,
  told INTEGER DEFAULT '0' NOT NULL,
  warned DATE,
  end_date DATE,
  hold VARCHAR(200) DEFAULT '' NOT NULL,
  short_month VARCHAR(7) DEFAULT '' NOT NULL,
  tx_from INTEGER NOT NULL,
  tx_to INTEGER,
  CONSTRAINT pk_delinquency PRIMARY KEY (id),
  CONSTRAINT fk_delinquency_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_delinquency_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_delinquency_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_delinquency_known ON delinquency (account, contract_id) WHERE tx_to IS NULL
--
CREATE TABLE self_bill (
  id INTEGER NOT NULL,
  account VARCHAR(80) NOT NULL,
  month VARCHAR(7) NOT NULL,
  source VARCHAR(20) DEFAULT '' NOT NULL,
  "plan" VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  contract_id INTEGER DEFAULT '0' NOT NULL,
  person_id INTEGER DEFAULT '0' NOT NULL,
  unknown INTEGER DEFAULT '0' NOT NULL,
  people INTEGER,
  cents INTEGER,
  line INTEGER DEFAULT '0' NOT NULL,
  digest VARCHAR(64) DEFAULT '' NOT NULL,
  set_id INTEGER,
  tx INTEGER NOT NULL,
  CONSTRAINT pk_self_bill PRIMARY KEY (id),
  CONSTRAINT fk_self_bill_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_self_bill_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_self_bill_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_self_bill_account ON self_bill (account, month)
--
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
--
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END
--
CREATE TRIGGER transfer_no_update BEFORE UPDATE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END
--
CREATE TRIGGER transfer_no_delete BEFORE DELETE ON transfer
BEGIN SELECT RAISE(ABORT, 'transfer is append-only'); END
--
CREATE TRIGGER invoice_no_update BEFORE UPDATE OF id, number, account, month, issued, due, total, statement, tx ON invoice
BEGIN SELECT RAISE(ABORT, 'invoice is append-only'); END
--
CREATE TRIGGER invoice_no_delete BEFORE DELETE ON invoice
BEGIN SELECT RAISE(ABORT, 'invoice is append-only'); END
--
CREATE TRIGGER consolidated_no_update BEFORE UPDATE ON consolidated
BEGIN SELECT RAISE(ABORT, 'consolidated is append-only'); END
--
CREATE TRIGGER consolidated_no_delete BEFORE DELETE ON consolidated
BEGIN SELECT RAISE(ABORT, 'consolidated is append-only'); END
--
CREATE TRIGGER charge_no_update BEFORE UPDATE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only'); END
--
CREATE TRIGGER charge_no_delete BEFORE DELETE ON charge
BEGIN SELECT RAISE(ABORT, 'charge is append-only'); END
--
CREATE TRIGGER item_event_no_update BEFORE UPDATE ON item_event
BEGIN SELECT RAISE(ABORT, 'item_event is append-only'); END
--
CREATE TRIGGER item_event_no_delete BEFORE DELETE ON item_event
BEGIN SELECT RAISE(ABORT, 'item_event is append-only'); END
--
CREATE TRIGGER input_no_update BEFORE UPDATE ON input
BEGIN SELECT RAISE(ABORT, 'input is append-only'); END
--
CREATE TRIGGER input_no_delete BEFORE DELETE ON input
BEGIN SELECT RAISE(ABORT, 'input is append-only'); END
--
CREATE TRIGGER step_no_update BEFORE UPDATE ON step
BEGIN SELECT RAISE(ABORT, 'step is append-only'); END
--
CREATE TRIGGER step_no_delete BEFORE DELETE ON step
BEGIN SELECT RAISE(ABORT, 'step is append-only'); END
--
CREATE TRIGGER tx_no_update BEFORE UPDATE ON tx
BEGIN SELECT RAISE(ABORT, 'tx is append-only'); END
--
CREATE TRIGGER tx_no_delete BEFORE DELETE ON tx
BEGIN SELECT RAISE(ABORT, 'tx is append-only'); END
--
CREATE TRIGGER disposition_no_update BEFORE UPDATE ON disposition
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END
--
CREATE TRIGGER disposition_no_delete BEFORE DELETE ON disposition WHEN OLD.disposition <> 'NOOP'
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END
--
CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision
BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END
--
CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision
BEGIN SELECT RAISE(ABORT, 'decision is append-only'); END
--
CREATE TRIGGER linked_no_update BEFORE UPDATE ON linked
BEGIN SELECT RAISE(ABORT, 'linked is append-only'); END
--
CREATE TRIGGER linked_no_delete BEFORE DELETE ON linked
BEGIN SELECT RAISE(ABORT, 'linked is append-only'); END
--
CREATE TRIGGER undone_no_update BEFORE UPDATE ON undone
BEGIN SELECT RAISE(ABORT, 'undone is append-only'); END
--
CREATE TRIGGER undone_no_delete BEFORE DELETE ON undone
BEGIN SELECT RAISE(ABORT, 'undone is append-only'); END
--
CREATE TRIGGER acknowledgment_no_update BEFORE UPDATE ON acknowledgment
BEGIN SELECT RAISE(ABORT, 'acknowledgment is append-only'); END
--
CREATE TRIGGER acknowledgment_no_delete BEFORE DELETE ON acknowledgment
BEGIN SELECT RAISE(ABORT, 'acknowledgment is append-only'); END
--
CREATE TRIGGER deposit_no_update BEFORE UPDATE OF id, trace, company, cents, date, again, tx ON deposit
BEGIN SELECT RAISE(ABORT, 'deposit is append-only'); END
--
CREATE TRIGGER deposit_no_delete BEFORE DELETE ON deposit
BEGIN SELECT RAISE(ABORT, 'deposit is append-only'); END
--
CREATE TRIGGER memo_no_update BEFORE UPDATE ON memo
BEGIN SELECT RAISE(ABORT, 'memo is append-only'); END
--
CREATE TRIGGER memo_no_delete BEFORE DELETE ON memo
BEGIN SELECT RAISE(ABORT, 'memo is append-only'); END
--
CREATE TRIGGER bank_file_no_update BEFORE UPDATE ON bank_file
BEGIN SELECT RAISE(ABORT, 'bank_file is append-only'); END
--
CREATE TRIGGER bank_file_no_delete BEFORE DELETE ON bank_file
BEGIN SELECT RAISE(ABORT, 'bank_file is append-only'); END
--
CREATE TRIGGER bank_line_no_update BEFORE UPDATE OF id, bank_file_id, number, record, "key", occurrence, reference, kind, code, trace, company, account, invoice, batch, cents, date, value_date, text, tx ON bank_line
BEGIN SELECT RAISE(ABORT, 'bank_line is append-only'); END
--
CREATE TRIGGER bank_line_no_delete BEFORE DELETE ON bank_line
BEGIN SELECT RAISE(ABORT, 'bank_line is append-only'); END
--
CREATE TRIGGER reversal_no_update BEFORE UPDATE ON reversal
BEGIN SELECT RAISE(ABORT, 'reversal is append-only'); END
--
CREATE TRIGGER reversal_no_delete BEFORE DELETE ON reversal
BEGIN SELECT RAISE(ABORT, 'reversal is append-only'); END
--
CREATE TRIGGER bank_return_no_update BEFORE UPDATE ON bank_return
BEGIN SELECT RAISE(ABORT, 'bank_return is append-only'); END
--
CREATE TRIGGER bank_return_no_delete BEFORE DELETE ON bank_return
BEGIN SELECT RAISE(ABORT, 'bank_return is append-only'); END
--
CREATE TRIGGER refund_no_update BEFORE UPDATE OF id, number, account, cents, issued, reason, tx ON refund
BEGIN SELECT RAISE(ABORT, 'refund is append-only'); END
--
CREATE TRIGGER refund_no_delete BEFORE DELETE ON refund
BEGIN SELECT RAISE(ABORT, 'refund is append-only'); END
--
CREATE TRIGGER self_bill_no_update BEFORE UPDATE ON self_bill
BEGIN SELECT RAISE(ABORT, 'self_bill is append-only'); END
--
CREATE TRIGGER self_bill_no_delete BEFORE DELETE ON self_bill
BEGIN SELECT RAISE(ABORT, 'self_bill is append-only'); END
--
CREATE TRIGGER transfer_keeps_credit_got AFTER INSERT ON transfer
WHEN NEW.credit LIKE 'unapplied:%' OR NEW.credit LIKE 'ahead:%'
BEGIN
  INSERT INTO credit (name, cents) VALUES (NEW.credit, NEW.cents)
    ON CONFLICT (name) DO UPDATE SET cents = cents + NEW.cents;
END
--
CREATE TRIGGER transfer_keeps_credit_used AFTER INSERT ON transfer
WHEN NEW.debit LIKE 'unapplied:%' OR NEW.debit LIKE 'ahead:%'
BEGIN
  INSERT INTO credit (name, cents) SELECT NEW.debit, 0 WHERE NEW.debit NOT IN (SELECT name FROM credit);
  UPDATE credit SET cents = cents - NEW.cents WHERE name = NEW.debit;
END
