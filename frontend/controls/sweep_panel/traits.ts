// What Python's SweepPanel sends and takes; every text is safe to show as text.
export interface Option {
  path: string;
  label: string;
  hint: string;
}

export interface FieldText {
  path: string;
  text: string;
}

export interface FieldView {
  name: string;
  path: string;
  count: number;
  noun: string;
  first: string;
  last: string;
  linked: boolean;
  error: string;
}

export interface SweepView {
  fields: FieldView[];
  count: number;
  summary: string;
  error: string;
}

export interface Recent {
  group_id: string;
  title: string;
  module: string;
  word: string;
  created: number;
}

export interface Model {
  label: string;
  module: string;
  options: Option[];
  fields: FieldText[];
  zip: boolean;
  limit: number;
  unfolded: boolean;
  view: Partial<SweepView>;
  recent: Recent[];
  blocked: string;
  confirm: string;
  busy: string;
  problem: { message?: string; next_step?: string; details?: string };
  many: number;
}
