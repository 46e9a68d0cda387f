// What the frame gets from Python.
import type { EnvironmentRow } from "../shared/environment";

export interface PageRow {
  id: string;
  label: string;
  icon: string;
}

export interface Notice {
  id: string;
  level: "info" | "warn" | "error";
  message: string;
  next_step?: string;
  details?: string;
}

export interface Model {
  title: string;
  page: string;
  pages: PageRow[];
  environment: string;
  environments: EnvironmentRow[];
  counts: Record<string, number>;
  notices: Notice[];
  user: string;
}
