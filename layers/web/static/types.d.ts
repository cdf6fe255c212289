// Shapes of what the page reads: the blocks of the page, the service's JSON (docs/api.md), and what
// the modules pass on to each other. Only keys that the page uses. Types alone: nothing here runs.

type Lang = "zh" | "en";
interface Pair {
  zh: string;
  en: string;
}

// ---- blocks of the page ------------------------------------------------------------------

interface Sign {
  colour: string;
  path: string;
}
/** A class of values: low <= value < high. */
interface ClassBreak {
  low: number;
  high: number | null;
  colour: string;
}
interface Vocabulary {
  labels: Record<string, Record<string, Pair>>;
  symbols: Record<string, Sign>;
  site_symbols: Sign[];
  /** As shares of the target. */
  classes: ClassBreak[];
  coverage_classes: ClassBreak[];
}
interface Basemap {
  url: string;
  attribution: string;
  min_zoom: number;
  max_zoom: number;
}
interface Settings {
  lang: Lang;
  words: Record<Lang, Record<string, string>>;
  vocabulary: Vocabulary;
  basemap: Basemap | null;
}
interface Bundle {
  generated_on: string;
  /** Key of the view that is shown first: caliber|scope|denominator. */
  first: string;
  views: Record<string, Study>;
  trends: Record<string, Trend>;
  charts: Record<string, Record<Lang, Record<string, string>>>;
  /** By caliber|scope and facility: counted area and why. */
  counted: Record<string, Record<string, [number | null, string]>>;
  facilities: { features: FacilityFeature[] };
  townships: { features: TownshipFeature[] };
  gaps: { features: GapFeature[] };
  districts: { features: DistrictFeature[] };
  proposal?: Proposal | null;
}

// ---- the study ---------------------------------------------------------------------------

interface Denominator extends Pair {
  id: string;
  quality: string;
  basis: string | null;
}
interface CoverageRow {
  group: string;
  kind: string | null;
  coverage_rate: number | null;
  even_coverage_rate: number | null;
  gap_population: number | null;
  audiences: { audience: string; population: number | null; covered_population: number }[];
  standards: { settlement: string; mode: string; minutes: number | null; straight_line_m: number }[];
}
interface District {
  district_code: string;
  name_zh: string;
  population: number;
  counted_area_m2: number;
  area_per_10k_m2: number | null;
  area_gap_m2: number | null;
  target_area_per_10k_m2: number;
  is_lower_bound: boolean;
  unknown_area_count: number;
  facility_count: number;
  facility_count_by_group: Record<string, number>;
  outside_count: number;
  unplaced_count: number;
  pending_count: number | null;
  disagreement_count: number;
  coverage: CoverageRow[];
}
/** What the table shows of a township, and of the district in its last row. */
interface TownshipRow {
  township_code: string;
  name_zh: string;
  kind: string;
  population: number;
  population_quality?: string;
  counted_area_m2: number;
  area_per_10k_m2: number | null;
  area_gap_m2: number | null;
  is_lower_bound: boolean;
  unknown_area_count: number;
  facility_count: number;
  coverage_rate: Record<string, number | null>;
}
interface TownshipFigures extends TownshipRow {
  population_quality: string;
  accessible_area_per_10k_m2: number | null;
  accessible_is_lower_bound: boolean;
  pending_count: number | null;
  disagreement_count: number;
  village_count: number;
  villages_without_count: number;
  school_count: number;
  schools_reached_count: number;
  even_coverage_rate: Record<string, number>;
  coverage_rate_by_kind: Record<string, number | null>;
  coverage_rate_by_audience: Record<string, Record<string, number | null>>;
  ranks: Record<string, number | null>;
}
interface Gap {
  gap_id: string;
  target_id: string;
  group: string;
  kind: string | null;
  township_code: string;
  township_name: string;
  population: number;
  population_share: number;
  nearest_facility_id: string | null;
  nearest_facility_name: string | null;
  nearest_distance_m: number | null;
  nearest_travel_minutes: number | null;
  /** Null where the count of an audience is not known. */
  audiences: Record<string, number | null>;
}
interface Study {
  on: string;
  caliber: string;
  scope: string;
  denominator: Denominator;
  scenario: { name: string; digest: string };
  surface: Pair & { by_district_share: string[] };
  travel: Pair;
  edge: Pair;
  demonstration: boolean;
  profile: { profile_zh: string; profile_en: string; rules: Pair[] };
  map: { schematic: boolean; approval_number: string | null };
  sources: {
    title_zh: string;
    title_en: string;
    publisher: string | null;
    published_on: string | null;
    licence: string | null;
    original_datum: string | null;
    quality: string;
  }[];
  district: District;
  townships: TownshipFigures[];
  gaps: Gap[];
  accessibility: Pair & {
    accessible_area_per_10k_m2: number | null;
    is_lower_bound: boolean;
    unreached_supply_m2: number;
    unknown_supply_count: number;
  };
  inequality: (Inequality & { measure: string; unit_count: number })[];
  schools: {
    school_count: number;
    reached_count: number;
    unknown_count: number;
    rows: {
      name: string;
      township_name: string | null;
      nearest_facility_name: string | null;
      travel_minutes: number | null;
      reached: boolean | null;
    }[];
  };
  villages: {
    village_count: number;
    with_count: number;
    unassigned_count: number;
    without: { name_zh: string; township_name: string | null }[];
  };
  findings: Pair[];
  options: { calibers: string[]; scopes: string[]; denominators: (Pair & { id: string })[] };
}
interface Inequality {
  gini: number | null;
  theil: number | null;
  theil_between: number | null;
  theil_within: number | null;
}
interface TrendRow {
  on: string;
  coverage_rate: Record<string, number | null>;
  area_per_10k_m2: number | null;
  is_lower_bound: boolean;
  accessible_area_per_10k_m2: number | null;
  accessible_is_lower_bound: boolean;
}
interface Trend {
  dates: string[];
  district: (TrendRow & {
    gini: number | null;
    theil: number | null;
    accessible_gini: number | null;
    accessible_theil: number | null;
  })[];
  /** By code; each with a row for each date. */
  townships: Record<string, TrendRow[]>;
}
interface DemandPoints {
  cell_m: number;
  longitude: number[];
  latitude: number[];
  accessible_area_per_10k_m2: (number | null)[];
  /** Polygons of a village's land, or null where a cell stands for it. */
  land: (number[][][][] | null)[];
}
interface SourcePlace {
  source_file: string | null;
  source_sheet: string | null;
  source_row: number | null;
}
interface Quality {
  held_back_count: number;
  held_back: (SourcePlace & { reasons: (Pair & { column: string | null; proposal: string | null })[] })[];
  doubtful_count: number;
  doubtful: (SourcePlace & Pair)[];
}

// ---- features ----------------------------------------------------------------------------

interface FacilityFeature extends GeoJSON.Feature {
  id: string;
  geometry: GeoJSON.Point;
  properties: {
    name: string;
    kind: string;
    group: string;
    level: string | null;
    status: string;
    township_name: string | null;
    agreement: string;
    exhibition_area_m2: number | null;
    floor_area_m2: number | null;
    counted_area_m2: number | null;
    count_reason: string;
    opened_on: string | null;
    closed_on: string | null;
    open_on_date: boolean;
    designations?: string[] | null;
    address: string | null;
    department: string | null;
    verification: string;
    note?: string | null;
    demonstration: boolean;
  };
}
interface TownshipFeature extends GeoJSON.Feature {
  id: string;
}
interface GapFeature extends GeoJSON.Feature {
  id: string;
}
interface DistrictFeature extends GeoJSON.Feature {
  properties: { role: string; name_zh: string };
}
interface PageData {
  study: Study;
  facilities: FacilityFeature[];
  townships: TownshipFeature[];
  gaps: GapFeature[];
  districts: DistrictFeature[];
}

// ---- siting ------------------------------------------------------------------------------

interface SitingProgramme {
  kind: string;
  count: number | null;
  audience: string;
  mode: string;
  minutes: number | null;
  settlement: string | null;
  demand_settlement?: string | null;
  first_phase: number | null;
}
interface SitingChoice {
  question: string;
  question_zh: string;
  question_en: string;
  unit_zh: string;
  unit_en: string;
  programmes: SitingProgramme[];
  candidates: { host_kinds: string[]; villages: boolean; grid_m: number | null };
  together: boolean;
  required: string[];
  forbidden: string[];
  least_distance_m: number | null;
  most_per_township: number | null;
  costs: Record<string, number | null>;
  suitability_weight: number;
  floor_share: number;
  share: number;
  named_loss_share: number;
  first_weight: number;
  time_limit_s: number;
}
interface SitingDefaults {
  choice: SitingChoice;
  programmes: (SitingProgramme & { audience_zh: string; audience_en: string })[];
  questions: { question: string }[];
}
/** What is sent: the keys of the question that the form has. */
type Question = Record<string, unknown> & { programmes: { first_phase: number | null }[] };
interface Layers {
  exclusions?: unknown;
  parcels?: unknown;
}
interface SitingRequest extends Layers {
  siting: Question;
  also: string[];
}
/** A site by its candidate, or a point that a person has placed. */
interface PlacedSite {
  programme: string;
  candidate_id?: string | null;
  longitude?: number;
  latitude?: number;
}
interface SiteRow {
  programme: string;
  programme_zh: string;
  programme_en: string;
  candidate_id: string | null;
  name: string;
  source: string;
  township_name: string;
  longitude: number;
  latitude: number;
  newly_covered: number;
  covered_alone: number;
  newly_by_audience: Record<string, number>;
  newly_by_township: Record<string, string | number>[];
}
interface ProposedSite extends SiteRow {
  site: number;
  phase: number | null;
  next_best_id: string | null;
  next_best_name: string;
  next_best_loss: number;
}
/** Whom a plan reaches; the population is null where it is not known. */
interface Reached {
  population: number | null;
  covered_before: number;
  covered_after: number;
}
interface Programme extends Pair {
  kind: string;
  audience: string;
  audience_zh: string;
  audience_en: string;
  existing_count: number;
  demand: Reached;
  by_audience: (Reached & { audience: string })[];
  by_township: (Reached & { audience: string; township_code: string; township_name: string })[];
}
interface PlanResult {
  on: string;
  denominator: Denominator;
  choice: SitingChoice;
  value: number | null;
  suitability_worth?: number | null;
  programmes: Programme[];
  sites: SiteRow[];
  broken: Pair[];
  scenario_toml: string | null;
}
interface Proposal {
  on: string;
  denominator: Denominator;
  demonstration: boolean;
  travel: Pair;
  surface: Pair;
  choice: SitingChoice;
  programmes: Programme[];
  sites: ProposedSite[];
  proof: Pair & { candidate_count: number; seconds: number };
  alternatives: {
    objective: number;
    change: number;
    instead_of: string[];
    instead: string[];
    sites: PlacedSite[];
  }[];
  frontier: {
    newly_covered: number;
    covered_share: number;
    lowest_share: number;
    gini: number;
    may_go_on: boolean;
    sites: PlacedSite[];
  }[];
  robustness: {
    draws: number;
    mean_kept_share: number;
    least_kept_share: number;
    near_m: number;
    sites: { site: number; chosen_share: number; near_share: number }[];
  };
}
interface Job {
  job_id: string;
  status: "waiting" | "running" | "done" | "failed" | "cancelled";
  cancelled: boolean;
  objective: number | null;
  bound: number | null;
  proposal?: Proposal | null;
}

// ---- what the modules pass on ------------------------------------------------------------

type Child = Node | string | number | null | undefined | false;
type TagOf<S extends string> = S extends `${infer T}.${string}` ? T : S;
type ElementOf<S extends string> =
  TagOf<S> extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[TagOf<S>] : HTMLElement;

/** Left, top, right and bottom in pixels. */
type Box = [number, number, number, number];
interface Point {
  x: number;
  y: number;
}
interface Position {
  lat: number;
  lng: number;
}
interface Size {
  width: number;
  height: number;
}
/** What of a polygon lies on a line of latitude, in pixels. */
interface Stretch {
  west: number;
  east: number;
  y: number;
}
interface NamedShape {
  shape: L.GeoJSON;
  name: string;
  value?: string;
  isNeighbour: boolean;
}

/** What the reader has chosen; "" is the default, or all. */
interface View {
  on: string;
  caliber: string;
  scope: string;
  denominator: string;
  group: string;
  gap: string;
  sort: string;
  measure: string;
  audience: string;
}
interface MeasureClass extends ClassBreak {
  /** Whether the target stands at its lower end. */
  isTarget: boolean;
  /** Whether its values reach the target. */
  isMet: boolean;
}
interface Measure {
  name: string;
  title: string;
  classes: MeasureClass[];
  /** Whether the colours are of demand points and not of townships. */
  isOfPoints?: boolean;
  value: (row: TownshipFigures) => number | null;
  text: (row: TownshipFigures) => string;
  range: (item: ClassBreak) => string;
  /** What is written in the legend where the target stands. */
  target: string;
}
interface Column {
  key: string;
  name: string;
  isNumber: boolean;
  value: (row: TownshipRow) => string | number | null;
  text: (row: TownshipRow) => string;
}
interface Order {
  key: string;
  isDown: boolean;
}

type PickList = "required" | "forbidden";
type LayerName = "exclusions" | "parcels";
interface PickedLayer {
  name: string;
  count: number;
  content: unknown;
}
/** Candidates by id with their names, and layers from files. */
type Picks = Record<PickList, Map<string, string>> & Record<LayerName, PickedLayer | null>;
type FormFields = Record<string, { value: string; checked: boolean }>;
/** The plan that is on the map. */
interface Plan {
  siting: Question;
  layers: Layers;
  sites: PlacedSite[];
  result: PlanResult;
  /** What the search has found, and its sites; null where the plan was opened. */
  proposal: Proposal | null;
  proposed: PlacedSite[] | null;
  /** What the plan is compared with. */
  base: PlanResult | null;
}
interface NextBest {
  id: string | null;
  name: string;
  text: string;
}
interface SiteItem {
  number: number;
  /** The place of its programme among the programmes. */
  at: number;
  programme: Programme;
  placed: PlacedSite;
  row: SiteRow;
  next: NextBest | null;
  phase: number | null;
}
interface SiteActions {
  pick: (list: PickList, id: string, name: string) => void;
  remove: (number: number) => void;
  swap: (number: number, id: string) => void;
}
interface KeptPlan {
  name: string;
  basis: Pair;
  asked: Pair;
  result: Pick<PlanResult, "value" | "choice">;
  programmes: (Pair & {
    audience: Pair;
    demand: Reached;
    by_audience: (Reached & { audience: string })[];
    lowest: { name: string; share: number } | null;
  })[];
  broken: Pair[];
  siting: Question;
  layers: Layers;
  sites: PlacedSite[];
  scenario: string | null;
  places: { name: string; longitude: number; latitude: number; at: number }[];
}
interface PlanActions {
  open: (plan: KeptPlan) => void;
  drop: () => void;
}
type Extra = (proposal: Proposal, address: string, adopt: (sites: PlacedSite[]) => void) => HTMLElement;

// ---- globals -----------------------------------------------------------------------------

/** What the inline script hands over; the control's two fields are private to Leaflet. */
interface Shell {
  map: L.Map;
  control: L.Control.Layers & { _layerControlInputs: HTMLElement[]; _layers: { name: string }[] };
  layers: Record<string, L.FeatureGroup>;
}
interface Window {
  kepuShell: Shell;
  SwaggerUIBundle: (options: object) => unknown;
}
