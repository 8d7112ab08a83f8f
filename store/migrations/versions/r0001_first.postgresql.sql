CREATE TABLE counter (
  name VARCHAR(60) NOT NULL,
  value BIGINT NOT NULL,
  CONSTRAINT pk_counter PRIMARY KEY (name)
)
--
CREATE TABLE credit (
  name VARCHAR(120) NOT NULL,
  cents BIGINT NOT NULL,
  CONSTRAINT pk_credit PRIMARY KEY (name),
  CONSTRAINT ck_credit_not_below_zero CHECK (cents >= 0)
)
--
CREATE TABLE employer_group (
  id BIGSERIAL NOT NULL,
  number VARCHAR(80) NOT NULL,
  version BIGINT DEFAULT '0' NOT NULL,
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
  size BIGINT DEFAULT '0' NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  environment VARCHAR(20) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  state VARCHAR(20),
  attempts BIGINT DEFAULT '0' NOT NULL,
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
  version BIGINT NOT NULL,
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
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  CONSTRAINT pk_lease PRIMARY KEY (name)
)
--
CREATE TABLE input (
  id BIGSERIAL NOT NULL,
  key VARCHAR(40) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  sha256 VARCHAR(64) DEFAULT '' NOT NULL,
  settings VARCHAR(16) DEFAULT '' NOT NULL,
  CONSTRAINT pk_input PRIMARY KEY (id),
  CONSTRAINT uq_input_key UNIQUE (key)
)
--
CREATE TABLE tx (
  id BIGSERIAL NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  what VARCHAR(80) DEFAULT '' NOT NULL,
  set_id BIGINT,
  input_id BIGINT NOT NULL,
  args TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_tx PRIMARY KEY (id),
  CONSTRAINT fk_tx_input_id FOREIGN KEY(input_id) REFERENCES input (id)
)
--
CREATE INDEX ix_tx_input_id ON tx (input_id)
--
CREATE TABLE step (
  seq BIGINT NOT NULL,
  tx BIGINT NOT NULL,
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
  id BIGSERIAL NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  code VARCHAR(80) DEFAULT '' NOT NULL,
  source TEXT DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
  CONSTRAINT pk_agreement PRIMARY KEY (id),
  CONSTRAINT fk_agreement_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_agreement_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_agreement_current ON agreement (kind, code) WHERE tx_to IS NULL
--
CREATE TABLE operator (
  id BIGSERIAL NOT NULL,
  name VARCHAR(80) DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
  CONSTRAINT pk_operator PRIMARY KEY (id),
  CONSTRAINT fk_operator_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_operator_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_operator_current ON operator (name) WHERE tx_to IS NULL
--
CREATE TABLE audit (
  id BIGSERIAL NOT NULL,
  tx BIGINT NOT NULL,
  action VARCHAR(60) DEFAULT '' NOT NULL,
  subject VARCHAR(120) DEFAULT '' NOT NULL,
  detail TEXT DEFAULT '' NOT NULL,
  CONSTRAINT pk_audit PRIMARY KEY (id),
  CONSTRAINT fk_audit_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE billing_account (
  id BIGSERIAL NOT NULL,
  number VARCHAR(80) NOT NULL,
  group_id BIGINT NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  held_by VARCHAR(80) NOT NULL,
  CONSTRAINT pk_billing_account PRIMARY KEY (id),
  CONSTRAINT uq_billing_account_number UNIQUE (number),
  CONSTRAINT fk_billing_account_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE TABLE contract (
  id BIGSERIAL NOT NULL,
  group_id BIGINT NOT NULL,
  number_cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  number_token VARCHAR(32) DEFAULT '' NOT NULL,
  masked VARCHAR(80) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  CONSTRAINT pk_contract PRIMARY KEY (id),
  CONSTRAINT uq_contract_group_id_number_token UNIQUE (group_id, number_token),
  CONSTRAINT fk_contract_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_contract_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id)
)
--
CREATE TABLE contract_number (
  id BIGSERIAL NOT NULL,
  contract_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  number_cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  number_token VARCHAR(32) DEFAULT '' NOT NULL,
  masked VARCHAR(80) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents BIGINT NOT NULL,
  date DATE NOT NULL,
  again BIGINT DEFAULT '0' NOT NULL,
  remittance_id BIGINT DEFAULT '0' NOT NULL,
  placed_tx BIGINT DEFAULT '0' NOT NULL,
  void_tx BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_deposit PRIMARY KEY (id),
  CONSTRAINT uq_deposit_trace_company_cents_again UNIQUE (trace, company, cents, again),
  CONSTRAINT fk_deposit_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_deposit_open ON deposit (trace) WHERE remittance_id = 0 AND placed_tx = 0 AND void_tx = 0
--
CREATE TABLE interchange (
  id BIGSERIAL NOT NULL,
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
  start BIGINT DEFAULT '0' NOT NULL,
  "end" BIGINT DEFAULT '0' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_interchange PRIMARY KEY (id),
  CONSTRAINT fk_interchange_file_id FOREIGN KEY(file_id) REFERENCES file (id)
)
--
CREATE INDEX ix_interchange_file_id ON interchange (file_id)
--
CREATE INDEX ix_interchange_identity ON interchange (sender_qualifier, sender, receiver_qualifier, receiver, control)
--
CREATE TABLE outbox (
  id BIGSERIAL NOT NULL,
  key VARCHAR(160) NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  statement TEXT DEFAULT '' NOT NULL,
  file_id VARCHAR(20),
  names TEXT DEFAULT '' NOT NULL,
  delivered_at TIMESTAMP WITH TIME ZONE,
  tx BIGINT NOT NULL,
  interchange BIGINT DEFAULT '0' NOT NULL,
  functional_group BIGINT DEFAULT '0' NOT NULL,
  answers VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(4) DEFAULT '' NOT NULL,
  failure VARCHAR(200) DEFAULT '' NOT NULL,
  held_at TIMESTAMP WITH TIME ZONE,
  CONSTRAINT pk_outbox PRIMARY KEY (id),
  CONSTRAINT uq_outbox_key UNIQUE (key),
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
  id BIGSERIAL NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  source VARCHAR(64) DEFAULT '' NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  CONSTRAINT pk_pickup PRIMARY KEY (id),
  CONSTRAINT uq_pickup_partner_source UNIQUE (partner, source),
  CONSTRAINT fk_pickup_file_id FOREIGN KEY(file_id) REFERENCES file (id)
)
--
CREATE TABLE person (
  id BIGSERIAL NOT NULL,
  member_id VARCHAR(20) NOT NULL,
  tx_from BIGINT NOT NULL,
  CONSTRAINT pk_person PRIMARY KEY (id),
  CONSTRAINT uq_person_member_id UNIQUE (member_id),
  CONSTRAINT fk_person_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id)
)
--
CREATE TABLE statement_rows (
  id BIGSERIAL NOT NULL,
  key VARCHAR(160) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  rank BIGINT DEFAULT '0' NOT NULL,
  part BIGINT NOT NULL,
  first BIGINT DEFAULT '0' NOT NULL,
  last BIGINT DEFAULT '0' NOT NULL,
  rows BYTEA NOT NULL,
  CONSTRAINT pk_statement_rows PRIMARY KEY (id)
)
--
CREATE INDEX ix_statement_rows_key ON statement_rows (key, rank, part, first)
--
CREATE TABLE transfer (
  id BIGSERIAL NOT NULL,
  debit VARCHAR(120) DEFAULT '' NOT NULL,
  credit VARCHAR(120) DEFAULT '' NOT NULL,
  cents BIGINT NOT NULL,
  effective DATE NOT NULL,
  tx BIGINT NOT NULL,
  cause VARCHAR(40) DEFAULT '' NOT NULL,
  invoice VARCHAR(20) DEFAULT '' NOT NULL,
  remittance_id BIGINT DEFAULT '0' NOT NULL,
  line BIGINT DEFAULT '0' NOT NULL,
  deposit_id BIGINT DEFAULT '0' NOT NULL,
  contract_id BIGINT DEFAULT '0' NOT NULL,
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
  id BIGSERIAL NOT NULL,
  contract_id BIGINT NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  contract_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  relationship VARCHAR(4) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  interchange_id BIGINT NOT NULL,
  code VARCHAR(4) DEFAULT '' NOT NULL,
  sender VARCHAR(40) DEFAULT '' NOT NULL,
  receiver VARCHAR(40) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  version VARCHAR(40) DEFAULT '' NOT NULL,
  date VARCHAR(12) DEFAULT '' NOT NULL,
  time VARCHAR(12) DEFAULT '' NOT NULL,
  verdict VARCHAR(1) DEFAULT '' NOT NULL,
  declared BIGINT DEFAULT '0' NOT NULL,
  received BIGINT DEFAULT '0' NOT NULL,
  accepted BIGINT DEFAULT '0' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_functional_group PRIMARY KEY (id),
  CONSTRAINT fk_functional_group_interchange_id FOREIGN KEY(interchange_id) REFERENCES interchange (id)
)
--
CREATE INDEX ix_functional_group_interchange_id ON functional_group (interchange_id)
--
CREATE TABLE invoice (
  id BIGSERIAL NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  month VARCHAR(7) NOT NULL,
  issued DATE NOT NULL,
  due DATE NOT NULL,
  total BIGINT NOT NULL,
  statement TEXT DEFAULT '' NOT NULL,
  tx BIGINT NOT NULL,
  void_tx BIGINT DEFAULT '0' NOT NULL,
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
  id BIGSERIAL NOT NULL,
  number BIGINT,
  kind VARCHAR(20) NOT NULL,
  subject VARCHAR(160) NOT NULL,
  rule VARCHAR(60) NOT NULL,
  line VARCHAR(400) DEFAULT '' NOT NULL,
  label VARCHAR(160) DEFAULT '' NOT NULL,
  group_number VARCHAR(80) DEFAULT '' NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  file_id VARCHAR(20) DEFAULT '' NOT NULL,
  set_id BIGINT DEFAULT '0' NOT NULL,
  member BIGINT DEFAULT '0' NOT NULL,
  severity VARCHAR(10) DEFAULT '' NOT NULL,
  cents BIGINT DEFAULT '0' NOT NULL,
  since DATE NOT NULL,
  due DATE NOT NULL,
  receipts BIGINT DEFAULT '0' NOT NULL,
  owner VARCHAR(80) DEFAULT '' NOT NULL,
  requested VARCHAR(20) DEFAULT '' NOT NULL,
  requested_by VARCHAR(80) DEFAULT '' NOT NULL,
  opened_tx BIGINT NOT NULL,
  closed_tx BIGINT,
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
  id BIGSERIAL NOT NULL,
  item_id BIGINT NOT NULL,
  tx BIGINT NOT NULL,
  what VARCHAR(12) DEFAULT '' NOT NULL,
  actor VARCHAR(80) DEFAULT '' NOT NULL,
  text TEXT DEFAULT '' NOT NULL,
  file_id VARCHAR(20) DEFAULT '' NOT NULL,
  set_id BIGINT DEFAULT '0' NOT NULL,
  member BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_item_event PRIMARY KEY (id),
  CONSTRAINT fk_item_event_item_id FOREIGN KEY(item_id) REFERENCES item (id),
  CONSTRAINT fk_item_event_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_item_event_item_id ON item_event (item_id)
--
CREATE TABLE person_facts (
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
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
  birth_sequence BIGINT DEFAULT '0' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
CREATE INDEX ix_person_facts_last ON person_facts (upper(last) text_pattern_ops) WHERE tx_to IS NULL
--
CREATE INDEX ix_person_facts_first ON person_facts (upper(first) text_pattern_ops) WHERE tx_to IS NULL
--
CREATE TABLE person_alias (
  id BIGSERIAL NOT NULL,
  member_id VARCHAR(20) NOT NULL,
  person_id BIGINT NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  person_id BIGINT NOT NULL,
  cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  token VARCHAR(32) DEFAULT '' NOT NULL,
  last4_token VARCHAR(32) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  interchange_id BIGINT NOT NULL,
  outbox_id BIGINT,
  kind VARCHAR(4) DEFAULT '' NOT NULL,
  control VARCHAR(40) DEFAULT '' NOT NULL,
  set_control VARCHAR(40) DEFAULT '' NOT NULL,
  verdict VARCHAR(4) DEFAULT '' NOT NULL,
  codes VARCHAR(40) DEFAULT '' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
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
  id BIGSERIAL NOT NULL,
  invoice_id BIGINT NOT NULL,
  account VARCHAR(80) NOT NULL,
  contract_id BIGINT NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  plan VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  month VARCHAR(7) NOT NULL,
  cents BIGINT NOT NULL,
  kind VARCHAR(10) DEFAULT '' NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  cause_tx BIGINT DEFAULT '0' NOT NULL,
  person_id BIGINT DEFAULT '0' NOT NULL,
  days BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
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
  id BIGSERIAL NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  invoice VARCHAR(20) NOT NULL,
  cents BIGINT NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_consolidated PRIMARY KEY (id),
  CONSTRAINT uq_consolidated_number_account UNIQUE (number, account),
  CONSTRAINT fk_consolidated_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_consolidated_invoice FOREIGN KEY(invoice) REFERENCES invoice (number),
  CONSTRAINT fk_consolidated_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE coverage (
  id BIGSERIAL NOT NULL,
  enrollee_id BIGINT NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  plan VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  end_reason VARCHAR(20) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  group_id BIGINT NOT NULL,
  month VARCHAR(7) NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_settled PRIMARY KEY (group_id),
  CONSTRAINT fk_settled_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_settled_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE unchanged (
  id BIGSERIAL NOT NULL,
  contract_id BIGINT NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  key VARCHAR(32) NOT NULL,
  state TEXT DEFAULT '' NOT NULL,
  since DATE NOT NULL,
  until DATE NOT NULL,
  answer BYTEA NOT NULL,
  CONSTRAINT pk_unchanged PRIMARY KEY (id),
  CONSTRAINT uq_unchanged_contract_id_partner UNIQUE (contract_id, partner),
  CONSTRAINT uq_unchanged_key UNIQUE (key),
  CONSTRAINT fk_unchanged_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE TABLE unsettled (
  group_id BIGINT NOT NULL,
  contract_id BIGINT NOT NULL,
  CONSTRAINT pk_unsettled PRIMARY KEY (group_id, contract_id),
  CONSTRAINT fk_unsettled_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_unsettled_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE TABLE member_facts (
  id BIGSERIAL NOT NULL,
  enrollee_id BIGINT NOT NULL,
  plain TEXT DEFAULT '' NOT NULL,
  cipher TEXT DEFAULT '' NOT NULL,
  key_id VARCHAR(20) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  contract_id BIGINT NOT NULL,
  person_id BIGINT DEFAULT '0' NOT NULL,
  event VARCHAR(2) DEFAULT '' NOT NULL,
  begin_date DATE NOT NULL,
  end_date DATE NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
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
  id BIGSERIAL NOT NULL,
  functional_group_id BIGINT NOT NULL,
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
  start BIGINT DEFAULT '0' NOT NULL,
  "end" BIGINT DEFAULT '0' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
  segments BIGINT DEFAULT '0' NOT NULL,
  rounds BIGINT DEFAULT '0' NOT NULL,
  pruned BIGINT DEFAULT '0' NOT NULL,
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
  id BIGSERIAL NOT NULL,
  set_id BIGINT NOT NULL,
  first BIGINT DEFAULT '0' NOT NULL,
  rows BYTEA NOT NULL,
  CONSTRAINT pk_census_rows PRIMARY KEY (id),
  CONSTRAINT fk_census_rows_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE INDEX ix_census_rows_set_id ON census_rows (set_id, first)
--
CREATE TABLE decision (
  number BIGINT NOT NULL,
  tx BIGINT NOT NULL,
  kind VARCHAR(12) DEFAULT '' NOT NULL,
  file_id VARCHAR(20),
  set_id BIGINT,
  member_line BIGINT DEFAULT '0' NOT NULL,
  round BIGINT DEFAULT '0' NOT NULL,
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
  id BIGSERIAL NOT NULL,
  set_id BIGINT NOT NULL,
  round BIGINT DEFAULT '0' NOT NULL,
  number BIGINT DEFAULT '0' NOT NULL,
  coverage BIGINT DEFAULT '0' NOT NULL,
  group_number VARCHAR(80) DEFAULT '' NOT NULL,
  subgroup VARCHAR(80) DEFAULT '' NOT NULL,
  subscriber VARCHAR(80) DEFAULT '' NOT NULL,
  member_id VARCHAR(20) DEFAULT '' NOT NULL,
  relationship VARCHAR(4) DEFAULT '' NOT NULL,
  line VARCHAR(40) DEFAULT '' NOT NULL,
  plan VARCHAR(80) DEFAULT '' NOT NULL,
  disposition VARCHAR(12) DEFAULT '' NOT NULL,
  cause VARCHAR(12) DEFAULT '' NOT NULL,
  action TEXT DEFAULT '' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_disposition PRIMARY KEY (id),
  CONSTRAINT fk_disposition_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_disposition_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_disposition_set ON disposition (set_id, number, disposition)
--
CREATE TABLE linked (
  id BIGSERIAL NOT NULL,
  tx BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  family_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_token VARCHAR(32) DEFAULT '' NOT NULL,
  ssn_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_id BIGINT,
  CONSTRAINT pk_linked PRIMARY KEY (id),
  CONSTRAINT fk_linked_tx FOREIGN KEY(tx) REFERENCES tx (id),
  CONSTRAINT fk_linked_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id),
  CONSTRAINT fk_linked_person_id FOREIGN KEY(person_id) REFERENCES person (id)
)
--
CREATE INDEX ix_linked_family ON linked (group_id, family_token)
--
CREATE TABLE undone (
  id BIGSERIAL NOT NULL,
  tx BIGINT NOT NULL,
  of_tx BIGINT NOT NULL,
  contract_id BIGINT NOT NULL,
  CONSTRAINT pk_undone PRIMARY KEY (id),
  CONSTRAINT fk_undone_tx FOREIGN KEY(tx) REFERENCES tx (id),
  CONSTRAINT fk_undone_of_tx FOREIGN KEY(of_tx) REFERENCES tx (id),
  CONSTRAINT fk_undone_contract_id FOREIGN KEY(contract_id) REFERENCES contract (id)
)
--
CREATE INDEX ix_undone_contract_id ON undone (contract_id)
--
CREATE TABLE finding (
  id BIGSERIAL NOT NULL,
  file_id VARCHAR(20) NOT NULL,
  set_id BIGINT,
  number BIGINT DEFAULT '0' NOT NULL,
  coverage BIGINT DEFAULT '0' NOT NULL,
  code VARCHAR(60) DEFAULT '' NOT NULL,
  severity VARCHAR(10) DEFAULT '' NOT NULL,
  interchange VARCHAR(40) DEFAULT '' NOT NULL,
  functional_group VARCHAR(40) DEFAULT '' NOT NULL,
  set_control VARCHAR(40) DEFAULT '' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
  segment_id VARCHAR(10) DEFAULT '' NOT NULL,
  element BIGINT DEFAULT '0' NOT NULL,
  component BIGINT DEFAULT '0' NOT NULL,
  "offset" BIGINT DEFAULT '-1' NOT NULL,
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
  set_id BIGINT NOT NULL,
  number INTEGER NOT NULL,
  family_token VARCHAR(32) DEFAULT '' NOT NULL,
  is_subscriber BOOLEAN NOT NULL,
  ssn_token VARCHAR(32) DEFAULT '' NOT NULL,
  person_token VARCHAR(32) DEFAULT '' NOT NULL,
  group_ref VARCHAR(80) DEFAULT '' NOT NULL,
  start BIGINT DEFAULT '0' NOT NULL,
  "end" BIGINT DEFAULT '0' NOT NULL,
  segment BIGINT DEFAULT '0' NOT NULL,
  digest BYTEA NOT NULL,
  CONSTRAINT pk_member_line PRIMARY KEY (set_id, number),
  CONSTRAINT fk_member_line_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id)
)
--
CREATE INDEX ix_member_line_family ON member_line (set_id, family_token, number)
--
CREATE TABLE remittance (
  id BIGSERIAL NOT NULL,
  set_id BIGINT NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents BIGINT NOT NULL,
  date DATE,
  state VARCHAR(20) DEFAULT '' NOT NULL,
  reason TEXT DEFAULT '' NOT NULL,
  body TEXT DEFAULT '' NOT NULL,
  receipt BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_remittance PRIMARY KEY (id),
  CONSTRAINT uq_remittance_set_id UNIQUE (set_id),
  CONSTRAINT fk_remittance_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_remittance_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_remittance_trace ON remittance (trace)
--
CREATE TABLE set_group (
  set_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  version BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_set_group PRIMARY KEY (set_id, group_id),
  CONSTRAINT fk_set_group_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_set_group_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE INDEX ix_set_group_group_id ON set_group (group_id)
--
CREATE TABLE omitted (
  set_id BIGINT NOT NULL,
  group_id BIGINT NOT NULL,
  subgroup VARCHAR(80) NOT NULL,
  subscribers BIGINT DEFAULT '0' NOT NULL,
  dependents BIGINT DEFAULT '0' NOT NULL,
  lines BIGINT DEFAULT '0' NOT NULL,
  of_subscribers BIGINT DEFAULT '0' NOT NULL,
  of_dependents BIGINT DEFAULT '0' NOT NULL,
  of_lines BIGINT DEFAULT '0' NOT NULL,
  cents BIGINT DEFAULT '0' NOT NULL,
  CONSTRAINT pk_omitted PRIMARY KEY (set_id, group_id, subgroup),
  CONSTRAINT fk_omitted_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_omitted_group_id FOREIGN KEY(group_id) REFERENCES employer_group (id)
)
--
CREATE TABLE memo (
  id BIGSERIAL NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  issued DATE NOT NULL,
  due DATE NOT NULL,
  cents BIGINT NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  remittance_id BIGINT DEFAULT '0' NOT NULL,
  deposit_id BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_memo PRIMARY KEY (id),
  CONSTRAINT uq_memo_number UNIQUE (number),
  CONSTRAINT fk_memo_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_memo_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE bank_file (
  id BIGSERIAL NOT NULL,
  sha256 VARCHAR(64) NOT NULL,
  name VARCHAR(255) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  refused BIGINT DEFAULT '0' NOT NULL,
  lines BIGINT DEFAULT '0' NOT NULL,
  known BIGINT DEFAULT '0' NOT NULL,
  credits BIGINT NOT NULL,
  debits BIGINT NOT NULL,
  findings TEXT DEFAULT '' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_bank_file PRIMARY KEY (id),
  CONSTRAINT fk_bank_file_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_bank_file_sha256 ON bank_file (sha256)
--
CREATE TABLE bank_line (
  id BIGSERIAL NOT NULL,
  bank_file_id BIGINT NOT NULL,
  number BIGINT DEFAULT '0' NOT NULL,
  record BIGINT DEFAULT '0' NOT NULL,
  key VARCHAR(64) NOT NULL,
  occurrence BIGINT DEFAULT '0' NOT NULL,
  reference VARCHAR(120) DEFAULT '' NOT NULL,
  kind VARCHAR(20) DEFAULT '' NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  account VARCHAR(80) DEFAULT '' NOT NULL,
  invoice VARCHAR(40) DEFAULT '' NOT NULL,
  batch VARCHAR(80) DEFAULT '' NOT NULL,
  cents BIGINT NOT NULL,
  date DATE NOT NULL,
  value_date DATE,
  text TEXT DEFAULT '' NOT NULL,
  of_line BIGINT DEFAULT '0' NOT NULL,
  deposit_id BIGINT DEFAULT '0' NOT NULL,
  remittance_id BIGINT DEFAULT '0' NOT NULL,
  refund_id BIGINT DEFAULT '0' NOT NULL,
  returned BIGINT DEFAULT '0' NOT NULL,
  void_tx BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_bank_line PRIMARY KEY (id),
  CONSTRAINT uq_bank_line_key UNIQUE (key),
  CONSTRAINT fk_bank_line_bank_file_id FOREIGN KEY(bank_file_id) REFERENCES bank_file (id),
  CONSTRAINT fk_bank_line_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_bank_line_bank_file_id ON bank_line (bank_file_id)
--
CREATE INDEX ix_bank_line_deposit_id ON bank_line (deposit_id)
--
CREATE TABLE reversal (
  id BIGSERIAL NOT NULL,
  deposit_id BIGINT DEFAULT '0' NOT NULL,
  remittance_id BIGINT DEFAULT '0' NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  date DATE NOT NULL,
  until DATE NOT NULL,
  cents BIGINT NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_reversal PRIMARY KEY (id),
  CONSTRAINT uq_reversal_deposit_id_remittance_id_trace UNIQUE (deposit_id, remittance_id, trace),
  CONSTRAINT fk_reversal_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE bank_return (
  id BIGSERIAL NOT NULL,
  trace VARCHAR(80) DEFAULT '' NOT NULL,
  company VARCHAR(40) DEFAULT '' NOT NULL,
  cents BIGINT NOT NULL,
  code VARCHAR(20) DEFAULT '' NOT NULL,
  date DATE NOT NULL,
  reference VARCHAR(80) DEFAULT '' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_bank_return PRIMARY KEY (id),
  CONSTRAINT uq_bank_return_reference_trace_cents_date UNIQUE (reference, trace, cents, date),
  CONSTRAINT fk_bank_return_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE refund (
  id BIGSERIAL NOT NULL,
  number VARCHAR(20) NOT NULL,
  account VARCHAR(80) NOT NULL,
  cents BIGINT NOT NULL,
  issued DATE NOT NULL,
  reason VARCHAR(200) DEFAULT '' NOT NULL,
  register BIGINT DEFAULT '0' NOT NULL,
  paid_tx BIGINT DEFAULT '0' NOT NULL,
  returned_tx BIGINT DEFAULT '0' NOT NULL,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_refund PRIMARY KEY (id),
  CONSTRAINT uq_refund_number UNIQUE (number),
  CONSTRAINT fk_refund_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_refund_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE TABLE payer_rule (
  id BIGSERIAL NOT NULL,
  partner VARCHAR(80) DEFAULT '' NOT NULL,
  token VARCHAR(64) DEFAULT '' NOT NULL,
  said TEXT DEFAULT '' NOT NULL,
  account VARCHAR(80) NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
  CONSTRAINT pk_payer_rule PRIMARY KEY (id),
  CONSTRAINT fk_payer_rule_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_payer_rule_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_payer_rule_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_payer_rule_known ON payer_rule (partner, token) WHERE tx_to IS NULL
--
CREATE TABLE delinquency (
  id BIGSERIAL NOT NULL,
  account VARCHAR(80) NOT NULL,
  contract_id BIGINT DEFAULT '0' NOT NULL,
  stage VARCHAR(20) DEFAULT '' NOT NULL,
  since DATE NOT NULL,
  month VARCHAR(7) NOT NULL,
  due DATE NOT NULL,
  grace_end DATE NOT NULL,
  cents BIGINT NOT NULL,
  told BIGINT DEFAULT '0' NOT NULL,
  warned DATE,
  end_date DATE,
  hold VARCHAR(200) DEFAULT '' NOT NULL,
  short_month VARCHAR(7) DEFAULT '' NOT NULL,
  tx_from BIGINT NOT NULL,
  tx_to BIGINT,
  CONSTRAINT pk_delinquency PRIMARY KEY (id),
  CONSTRAINT fk_delinquency_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_delinquency_tx_from FOREIGN KEY(tx_from) REFERENCES tx (id),
  CONSTRAINT fk_delinquency_tx_to FOREIGN KEY(tx_to) REFERENCES tx (id)
)
--
CREATE UNIQUE INDEX uq_delinquency_known ON delinquency (account, contract_id) WHERE tx_to IS NULL
--
CREATE TABLE self_bill (
  id BIGSERIAL NOT NULL,
  account VARCHAR(80) NOT NULL,
  month VARCHAR(7) NOT NULL,
  source VARCHAR(20) DEFAULT '' NOT NULL,
  plan VARCHAR(80) DEFAULT '' NOT NULL,
  tier VARCHAR(10) DEFAULT '' NOT NULL,
  contract_id BIGINT DEFAULT '0' NOT NULL,
  person_id BIGINT DEFAULT '0' NOT NULL,
  unknown BIGINT DEFAULT '0' NOT NULL,
  people BIGINT,
  cents BIGINT,
  line BIGINT DEFAULT '0' NOT NULL,
  digest VARCHAR(64) DEFAULT '' NOT NULL,
  set_id BIGINT,
  tx BIGINT NOT NULL,
  CONSTRAINT pk_self_bill PRIMARY KEY (id),
  CONSTRAINT fk_self_bill_account FOREIGN KEY(account) REFERENCES billing_account (number),
  CONSTRAINT fk_self_bill_set_id FOREIGN KEY(set_id) REFERENCES transaction_set (id),
  CONSTRAINT fk_self_bill_tx FOREIGN KEY(tx) REFERENCES tx (id)
)
--
CREATE INDEX ix_self_bill_account ON self_bill (account, month)
--
CREATE FUNCTION rollbook_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
--
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER invoice_append_only
  BEFORE UPDATE OF id, number, account, month, issued, due, total, statement, tx OR DELETE OR TRUNCATE ON invoice
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER consolidated_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consolidated
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER charge_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON charge
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER item_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON item_event
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER input_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON input
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON step
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER tx_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tx
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER disposition_append_only BEFORE UPDATE OR TRUNCATE ON disposition
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER disposition_no_delete BEFORE DELETE ON disposition
  FOR EACH ROW WHEN (OLD.disposition <> 'NOOP') EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER linked_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON linked
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER undone_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON undone
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER acknowledgment_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON acknowledgment
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER deposit_append_only
  BEFORE UPDATE OF id, trace, company, cents, date, again, tx OR DELETE OR TRUNCATE ON deposit
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER memo_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON memo
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER bank_file_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_file
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER bank_line_append_only
  BEFORE UPDATE OF id, bank_file_id, number, record, key, occurrence, reference, kind, code, trace, company, account, invoice, batch, cents, date, value_date, text, tx OR DELETE OR TRUNCATE ON bank_line
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER reversal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reversal
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER bank_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bank_return
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER refund_append_only
  BEFORE UPDATE OF id, number, account, cents, issued, reason, tx OR DELETE OR TRUNCATE ON refund
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE TRIGGER self_bill_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON self_bill
  FOR EACH STATEMENT EXECUTE FUNCTION rollbook_append_only()
--
CREATE FUNCTION rollbook_keep_credit() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
  IF NEW.credit LIKE 'unapplied:%' OR NEW.credit LIKE 'ahead:%' THEN
    INSERT INTO credit (name, cents) VALUES (NEW.credit, NEW.cents)
      ON CONFLICT (name) DO UPDATE SET cents = credit.cents + NEW.cents;
  END IF;
  IF NEW.debit LIKE 'unapplied:%' OR NEW.debit LIKE 'ahead:%' THEN
    INSERT INTO credit (name, cents) VALUES (NEW.debit, 0) ON CONFLICT (name) DO NOTHING;
    UPDATE credit SET cents = cents - NEW.cents WHERE name = NEW.debit;
  END IF;
  RETURN NULL;
END $$
--
CREATE TRIGGER transfer_keeps_credit AFTER INSERT ON transfer
  FOR EACH ROW EXECUTE FUNCTION rollbook_keep_credit()
