-- A store as version 5 of its tables made it: what test_upgrade.py goes through, and a number.
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10300;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL,
  definition TEXT NOT NULL,
  description TEXT
);
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian');
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic');
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in degrees');
INSERT INTO "gpkg_spatial_ref_sys" VALUES ('China Geodetic Coordinate System 2000', 4490, 'EPSG', 4490, 'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]', 'longitude and latitude in degrees');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY,
  data_type TEXT NOT NULL,
  identifier TEXT UNIQUE,
  description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE,
  min_y DOUBLE,
  max_x DOUBLE,
  max_y DOUBLE,
  srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
INSERT INTO "gpkg_contents" VALUES ('facilities', 'features', '科普设施', 'Facilities', '2026-11-28T03:19:04.800Z', 111.42, 27.22, 111.42, 27.22, 4490);
INSERT INTO "gpkg_contents" VALUES ('designations', 'attributes', '挂牌', 'Designations', '2026-11-28T03:19:04.679Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "gpkg_contents" VALUES ('townships', 'features', '乡镇街道', 'Townships', '2026-11-28T03:19:04.555Z', 111.4, 27.2, 111.5, 27.3, 4490);
INSERT INTO "gpkg_contents" VALUES ('districts', 'features', '区县', 'Districts', '2026-11-28T03:19:04.557Z', 111.4, 27.2, 111.5, 27.3, 4490);
INSERT INTO "gpkg_contents" VALUES ('villages', 'features', '村和社区', 'Villages and communities', '2026-11-28T03:19:04.558Z', NULL, NULL, NULL, NULL, 4490);
INSERT INTO "gpkg_contents" VALUES ('population', 'attributes', '人口', 'Population', '2026-11-28T03:19:04.813Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "gpkg_contents" VALUES ('sources', 'attributes', '数据来源', 'Sources', '2026-11-28T03:19:04.813Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "gpkg_contents" VALUES ('weights', 'features', '人口分布权重', 'Where people live', '2026-11-28T03:19:04.478Z', NULL, NULL, NULL, NULL, 4490);
INSERT INTO "gpkg_contents" VALUES ('roads', 'features', '道路', 'Roads', '2026-11-28T03:19:04.479Z', NULL, NULL, NULL, NULL, 4490);
INSERT INTO "gpkg_contents" VALUES ('loads', 'attributes', '导入记录', 'Loads', '2026-11-28T03:19:04.484Z', NULL, NULL, NULL, NULL, NULL);
INSERT INTO "gpkg_contents" VALUES ('meta', 'attributes', '数据库信息', 'About this store', '2026-11-28T03:19:04.484Z', NULL, NULL, NULL, NULL, NULL);
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL,
  m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
INSERT INTO "gpkg_geometry_columns" VALUES ('facilities', 'geom', 'POINT', 4490, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('townships', 'geom', 'MULTIPOLYGON', 4490, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('districts', 'geom', 'MULTIPOLYGON', 4490, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('villages', 'geom', 'GEOMETRY', 4490, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('weights', 'geom', 'MULTIPOLYGON', 4490, 0, 0);
INSERT INTO "gpkg_geometry_columns" VALUES ('roads', 'geom', 'LINESTRING', 4490, 0, 0);
CREATE TABLE gpkg_extensions (
  table_name TEXT,
  column_name TEXT,
  extension_name TEXT NOT NULL,
  definition TEXT NOT NULL,
  scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
INSERT INTO "gpkg_extensions" VALUES ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
INSERT INTO "gpkg_extensions" VALUES ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
INSERT INTO "gpkg_extensions" VALUES ('facilities', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('townships', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('districts', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('villages', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('weights', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
INSERT INTO "gpkg_extensions" VALUES ('roads', 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only');
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL,
  column_name TEXT NOT NULL,
  name TEXT,
  title TEXT,
  description TEXT,
  mime_type TEXT,
  constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'facility_id', '设施编号', '设施编号', 'Facility id', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'name', '名称', '名称', 'Name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'kind', '类型', '类型', 'Kind', NULL, 'kepu_kind');
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'level', '级别', '级别', 'Level', NULL, 'kepu_level');
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'exhibition_area_m2', '展厅面积', '展厅面积（m²）', 'Exhibition area', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'floor_area_m2', '建筑面积', '建筑面积（m²）', 'Floor area', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'outdoor_area_m2', '室外展示面积', '室外展示面积（m²）', 'Outdoor display area', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'gallery_length_m', '画廊长度', '画廊长度（m）', 'Gallery length', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'shared_use', '是否共用场地', '是否共用场地', 'Shared with other uses', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'shared_use_ratio', '共用折算', '共用折算', 'Shared-use ratio', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'open_to_public', '是否对公众开放', '是否对公众开放', 'Open to the public', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'opened_on', '开放日期', '开放日期', 'Opened on', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'closed_on', '关闭日期', '关闭日期', 'Closed on', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'status', '状态', '状态', 'Status', NULL, 'kepu_status');
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'district_run', '是否区属', '是否区属', 'Run by the district', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'audiences', '服务人群', '服务人群', 'Audiences', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'department', '责任单位', '责任单位', 'Responsible department', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'address', '地址', '地址', 'Address', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'township_code', '乡镇街道代码', '乡镇街道代码', 'Township code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'village_code', '村社区代码', '村社区代码', 'Village code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'contact', '联系方式', '联系方式', 'Contact', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'position_source', '位置来源', '位置来源', 'How the position was obtained', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'verification', '核查', '核查', 'Verification', NULL, 'kepu_verification');
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'valid_from', '登记日期', '登记日期', 'Valid from', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'demonstration', '是否演示数据', '是否演示数据', 'Demonstration data', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'note', '备注', '备注', 'Note', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('facilities', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'facility_id', '设施编号', '设施编号', 'Facility id', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'title', '牌匾名称', '牌匾名称', 'Title', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'kind', '认定类型', '认定类型', 'Kind', NULL, 'kepu_kind');
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'level', '级别', '级别', 'Level', NULL, 'kepu_level');
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'issuing_body', '授牌单位', '授牌单位', 'Issuing body', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'document_number', '文号', '文号', 'Document number', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'valid_from', '认定起', '认定起', 'Valid from', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'valid_to', '认定止', '认定止', 'Valid to', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'status', '认定状态', '认定状态', 'Status', NULL, 'kepu_status');
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'demonstration', '是否演示数据', '是否演示数据', 'Demonstration data', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('designations', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'township_code', '乡镇街道代码', '乡镇街道代码', 'Township code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'name_zh', '名称', '名称', 'Name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'kind', '类别', '类别', 'Kind', NULL, 'kepu_townshipkind');
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'quality', '边界质量', '边界质量', 'Boundary quality', NULL, 'kepu_quality');
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('townships', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('districts', 'district_code', '区县代码', '区县代码', 'District code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('districts', 'name_zh', '名称', '名称', 'Name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('districts', 'role', '角色', '角色', 'Role', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('districts', 'quality', '边界质量', '边界质量', 'Boundary quality', NULL, 'kepu_quality');
INSERT INTO "gpkg_data_columns" VALUES ('districts', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'village_code', '村社区代码', '村社区代码', 'Village code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'township_code', '乡镇街道代码', '乡镇街道代码', 'Township code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'name_zh', '名称', '名称', 'Name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'kind', '类别', '类别', 'Kind', NULL, 'kepu_villagekind');
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'urban_rural_class', '城乡分类代码', '城乡分类代码', 'Urban-rural class', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'population', '人口', '人口（人）', 'Population', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'population_0_14', '0-14岁人口', '0-14岁人口（人）', 'Population aged 0-14', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'population_15_59', '15-59岁人口', '15-59岁人口（人）', 'Population aged 15-59', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'population_60_plus', '60岁及以上人口', '60岁及以上人口（人）', 'Population aged 60 and over', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('villages', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'division_code', '行政区划代码', '行政区划代码', 'Division code', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'name_zh', '名称', '名称', 'Name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'population_kind', '人口口径', '人口口径', 'Population kind', NULL, 'kepu_populationkind');
INSERT INTO "gpkg_data_columns" VALUES ('population', 'year', '年份', '年份', 'Year', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'population', '人口', '人口（人）', 'Population', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'urban_population', '城镇人口', '城镇人口（人）', 'Urban population', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'rural_population', '乡村人口', '乡村人口（人）', 'Rural population', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'population_0_14', '0-14岁人口', '0-14岁人口（人）', 'Population aged 0-14', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'population_15_59', '15-59岁人口', '15-59岁人口（人）', 'Population aged 15-59', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'population_60_plus', '60岁及以上人口', '60岁及以上人口（人）', 'Population aged 60 and over', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'quality', '数据质量', '数据质量', 'Quality', NULL, 'kepu_quality');
INSERT INTO "gpkg_data_columns" VALUES ('population', 'basis', '依据', '依据', 'Basis', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('population', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'source_id', '来源编号', '来源编号', 'Source id', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'title_zh', '名称', '名称', 'Title', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'title_en', '英文名称', '英文名称', 'English title', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'publisher', '发布单位', '发布单位', 'Publisher', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'published_on', '日期', '日期', 'Date', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'licence', '许可', '许可', 'Licence', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'original_datum', '原坐标系', '原坐标系', 'Original datum', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'quality', '质量', '质量', 'Quality', NULL, 'kepu_quality');
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'map_approval_number', '审图号', '审图号', 'Map approval number', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('sources', 'sha256', '校验值', '校验值', 'SHA-256', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'weight', '权重', '权重', 'Weight', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'persons', '权重即人数', '权重即人数', 'The weight is residents', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('weights', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'road_class', '道路等级', '道路等级', 'Road class', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'oneway', '单行', '单行', 'One-way', NULL, 'kepu_oneway');
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'level', '层', '层', 'Level', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'name', '道路名称', '道路名称', 'Road name', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'source_id', '来源', '来源', 'Source', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'source_file', '来源文件', '来源文件', 'Source file', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'source_sheet', '来源工作表', '来源工作表', 'Source sheet', NULL, NULL);
INSERT INTO "gpkg_data_columns" VALUES ('roads', 'source_row', '来源行号', '来源行号', 'Source row', NULL, NULL);
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL,
  constraint_type TEXT NOT NULL,
  value TEXT,
  min NUMERIC,
  min_is_inclusive BOOLEAN,
  max NUMERIC,
  max_is_inclusive BOOLEAN,
  description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'science_base', NULL, NULL, NULL, NULL, '科普教育基地');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'agri_demo_base', NULL, NULL, NULL, NULL, '农业产业科普示范基地');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'youth_experience_base', NULL, NULL, NULL, NULL, '农村青少年科普体验基地');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'emergency_base', NULL, NULL, NULL, NULL, '安全应急体验基地');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'nature_school', NULL, NULL, NULL, NULL, '自然教育学校（基地）');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'field_school', NULL, NULL, NULL, NULL, '田间学校');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'enterprise_site', NULL, NULL, NULL, NULL, '企业科普场所');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'science_museum', NULL, NULL, NULL, NULL, '科技馆');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'thematic_museum', NULL, NULL, NULL, NULL, '专题博物馆/纪念馆');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'exhibition_hall', NULL, NULL, NULL, NULL, '科普展厅');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'youth_science_centre', NULL, NULL, NULL, NULL, '青少年科技（活动）中心');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'school', NULL, NULL, NULL, NULL, '中小学');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'rural_school_palace', NULL, NULL, NULL, NULL, '乡村学校少年宫');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'school_science_museum', NULL, NULL, NULL, NULL, '农村中学科技馆');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'science_studio', NULL, NULL, NULL, NULL, '科学工作室');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'civilization_practice', NULL, NULL, NULL, NULL, '新时代文明实践中心（所、站）');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'party_service_centre', NULL, NULL, NULL, NULL, '党群服务中心');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'community_university', NULL, NULL, NULL, NULL, '社区科普大学');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'senior_university', NULL, NULL, NULL, NULL, '老年（科技）大学');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'childrens_home', NULL, NULL, NULL, NULL, '儿童之家');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'community_science_room', NULL, NULL, NULL, NULL, '社区科普活动室');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'elderly_day_care', NULL, NULL, NULL, NULL, '日间照料中心');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'library', NULL, NULL, NULL, NULL, '图书馆/书苑');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'cultural_centre', NULL, NULL, NULL, NULL, '文化馆（站）');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'park', NULL, NULL, NULL, NULL, '公园/自然保护区');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'transport_or_cinema', NULL, NULL, NULL, NULL, '车站/电影院');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_kind', 'enum', 'science_gallery', NULL, NULL, NULL, NULL, '科普画廊');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_level', 'enum', 'national', NULL, NULL, NULL, NULL, '国家级');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_level', 'enum', 'provincial', NULL, NULL, NULL, NULL, '省级');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_level', 'enum', 'municipal', NULL, NULL, NULL, NULL, '市级');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_level', 'enum', 'county', NULL, NULL, NULL, NULL, '区县级');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_level', 'enum', 'none', NULL, NULL, NULL, NULL, '未定级');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_status', 'enum', 'operating', NULL, NULL, NULL, NULL, '运行中');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_status', 'enum', 'planned', NULL, NULL, NULL, NULL, '规划');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_status', 'enum', 'under_construction', NULL, NULL, NULL, NULL, '在建');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_status', 'enum', 'suspended', NULL, NULL, NULL, NULL, '暂停');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_status', 'enum', 'closed', NULL, NULL, NULL, NULL, '关闭');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_verification', 'enum', 'verified', NULL, NULL, NULL, NULL, '已核');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_verification', 'enum', 'pending', NULL, NULL, NULL, NULL, '待核');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_townshipkind', 'enum', 'subdistrict', NULL, NULL, NULL, NULL, '街道');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_townshipkind', 'enum', 'town', NULL, NULL, NULL, NULL, '镇');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_townshipkind', 'enum', 'township', NULL, NULL, NULL, NULL, '乡');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'surveyed', NULL, NULL, NULL, NULL, '实测');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'official', NULL, NULL, NULL, NULL, '官方');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'generalised', NULL, NULL, NULL, NULL, '概化');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'schematic', NULL, NULL, NULL, NULL, '示意');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'census', NULL, NULL, NULL, NULL, '普查');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'reported', NULL, NULL, NULL, NULL, '据报');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'estimate', NULL, NULL, NULL, NULL, '估计');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_quality', 'enum', 'demonstration', NULL, NULL, NULL, NULL, '演示数据');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_villagekind', 'enum', 'community', NULL, NULL, NULL, NULL, '社区');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_villagekind', 'enum', 'village', NULL, NULL, NULL, NULL, '村');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_populationkind', 'enum', 'resident', NULL, NULL, NULL, NULL, '常住人口');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_populationkind', 'enum', 'registered', NULL, NULL, NULL, NULL, '户籍人口');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_oneway', 'enum', 'both', NULL, NULL, NULL, NULL, '双向');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_oneway', 'enum', 'forward', NULL, NULL, NULL, NULL, '沿画线方向单行');
INSERT INTO "gpkg_data_column_constraints" VALUES ('kepu_oneway', 'enum', 'reverse', NULL, NULL, NULL, NULL, '逆画线方向单行');
CREATE TABLE "facilities" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom POINT,
  "facility_id" TEXT NOT NULL UNIQUE CONSTRAINT "facility_id" CHECK (length("facility_id") <= 64),
  "name" TEXT NOT NULL CONSTRAINT "name" CHECK (length("name") <= 20000),
  "kind" TEXT NOT NULL CONSTRAINT "kind" CHECK ("kind" IN ('science_base', 'agri_demo_base', 'youth_experience_base', 'emergency_base', 'nature_school', 'field_school', 'enterprise_site', 'science_museum', 'thematic_museum', 'exhibition_hall', 'youth_science_centre', 'school', 'rural_school_palace', 'school_science_museum', 'science_studio', 'civilization_practice', 'party_service_centre', 'community_university', 'senior_university', 'childrens_home', 'community_science_room', 'elderly_day_care', 'library', 'cultural_centre', 'park', 'transport_or_cinema', 'science_gallery')),
  "level" TEXT CONSTRAINT "level" CHECK ("level" IN ('national', 'provincial', 'municipal', 'county', 'none')),
  "exhibition_area_m2" REAL CONSTRAINT "exhibition_area_m2" CHECK (typeof("exhibition_area_m2") IN ('real', 'null')) CONSTRAINT "exhibition_area_m2" CHECK ("exhibition_area_m2" >= 0) CONSTRAINT "exhibition_area_m2" CHECK ("exhibition_area_m2" <= 1000000.0),
  "floor_area_m2" REAL CONSTRAINT "floor_area_m2" CHECK (typeof("floor_area_m2") IN ('real', 'null')) CONSTRAINT "floor_area_m2" CHECK ("floor_area_m2" >= 0) CONSTRAINT "floor_area_m2" CHECK ("floor_area_m2" <= 1000000.0),
  "outdoor_area_m2" REAL CONSTRAINT "outdoor_area_m2" CHECK (typeof("outdoor_area_m2") IN ('real', 'null')) CONSTRAINT "outdoor_area_m2" CHECK ("outdoor_area_m2" >= 0) CONSTRAINT "outdoor_area_m2" CHECK ("outdoor_area_m2" <= 100000000.0),
  "gallery_length_m" REAL CONSTRAINT "gallery_length_m" CHECK (typeof("gallery_length_m") IN ('real', 'null')) CONSTRAINT "gallery_length_m" CHECK ("gallery_length_m" >= 0) CONSTRAINT "gallery_length_m" CHECK ("gallery_length_m" <= 100000),
  "shared_use" BOOLEAN CONSTRAINT "shared_use" CHECK ("shared_use" IN (0, 1)),
  "shared_use_ratio" REAL CONSTRAINT "shared_use_ratio" CHECK (typeof("shared_use_ratio") IN ('real', 'null')) CONSTRAINT "shared_use_ratio" CHECK ("shared_use_ratio" >= 0) CONSTRAINT "shared_use_ratio" CHECK ("shared_use_ratio" <= 1),
  "open_to_public" BOOLEAN CONSTRAINT "open_to_public" CHECK ("open_to_public" IN (0, 1)),
  "opened_on" DATE CONSTRAINT "opened_on" CHECK (date("opened_on", '+0 days') IS "opened_on"),
  "closed_on" DATE CONSTRAINT "closed_on" CHECK (date("closed_on", '+0 days') IS "closed_on"),
  "status" TEXT NOT NULL CONSTRAINT "status" CHECK ("status" IN ('operating', 'planned', 'under_construction', 'suspended', 'closed')),
  "district_run" BOOLEAN CONSTRAINT "district_run" CHECK ("district_run" IN (0, 1)),
  "audiences" TEXT CONSTRAINT "audiences" CHECK (length("audiences") <= 20000),
  "department" TEXT CONSTRAINT "department" CHECK (length("department") <= 20000),
  "address" TEXT CONSTRAINT "address" CHECK (length("address") <= 20000),
  "township_code" TEXT CONSTRAINT "township_code" CHECK (length("township_code") <= 12),
  "village_code" TEXT CONSTRAINT "village_code" CHECK (length("village_code") <= 12),
  "contact" TEXT CONSTRAINT "contact" CHECK (length("contact") <= 20000),
  "position_source" TEXT CONSTRAINT "position_source" CHECK (length("position_source") <= 20000),
  "verification" TEXT NOT NULL CONSTRAINT "verification" CHECK ("verification" IN ('verified', 'pending')),
  "valid_from" DATE CONSTRAINT "valid_from" CHECK (date("valid_from", '+0 days') IS "valid_from"),
  "demonstration" BOOLEAN NOT NULL CONSTRAINT "demonstration" CHECK ("demonstration" IN (0, 1)),
  "note" TEXT CONSTRAINT "note" CHECK (length("note") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
INSERT INTO "facilities" VALUES (1, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-1', '第1号科普馆', 'library', NULL, 8.41630108985203605719e+02, NULL, NULL, NULL, NULL, NULL, 0, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 3);
INSERT INTO "facilities" VALUES (2, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-2', '第2号科普馆', 'exhibition_hall', NULL, 7.3445234515525737607e+02, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 4);
INSERT INTO "facilities" VALUES (3, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-3', 'QGIS', 'library', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 5);
CREATE TABLE "designations" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "facility_id" TEXT NOT NULL CONSTRAINT "facility_id" CHECK (length("facility_id") <= 64),
  "title" TEXT NOT NULL CONSTRAINT "title" CHECK (length("title") <= 20000),
  "kind" TEXT CONSTRAINT "kind" CHECK ("kind" IN ('science_base', 'agri_demo_base', 'youth_experience_base', 'emergency_base', 'nature_school', 'field_school', 'enterprise_site', 'science_museum', 'thematic_museum', 'exhibition_hall', 'youth_science_centre', 'school', 'rural_school_palace', 'school_science_museum', 'science_studio', 'civilization_practice', 'party_service_centre', 'community_university', 'senior_university', 'childrens_home', 'community_science_room', 'elderly_day_care', 'library', 'cultural_centre', 'park', 'transport_or_cinema', 'science_gallery')),
  "level" TEXT CONSTRAINT "level" CHECK ("level" IN ('national', 'provincial', 'municipal', 'county', 'none')),
  "issuing_body" TEXT CONSTRAINT "issuing_body" CHECK (length("issuing_body") <= 20000),
  "document_number" TEXT CONSTRAINT "document_number" CHECK (length("document_number") <= 20000),
  "valid_from" DATE CONSTRAINT "valid_from" CHECK (date("valid_from", '+0 days') IS "valid_from"),
  "valid_to" DATE CONSTRAINT "valid_to" CHECK (date("valid_to", '+0 days') IS "valid_to"),
  "status" TEXT CONSTRAINT "status" CHECK ("status" IN ('operating', 'planned', 'under_construction', 'suspended', 'closed')),
  "demonstration" BOOLEAN NOT NULL CONSTRAINT "demonstration" CHECK ("demonstration" IN (0, 1)),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
INSERT INTO "designations" VALUES (2, 's0-1', '科普教育基地（第0批）', NULL, NULL, NULL, NULL, NULL, '2026-12-31', NULL, 1, NULL, NULL, NULL);
INSERT INTO "designations" VALUES (3, 's0-2', '科普教育基地（第0批）', NULL, NULL, NULL, NULL, NULL, '2026-12-31', NULL, 1, NULL, NULL, NULL);
CREATE TABLE "townships" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  "township_code" TEXT NOT NULL UNIQUE CONSTRAINT "township_code" CHECK (length("township_code") <= 9),
  "name_zh" TEXT NOT NULL CONSTRAINT "name_zh" CHECK (length("name_zh") <= 20000),
  "kind" TEXT NOT NULL CONSTRAINT "kind" CHECK ("kind" IN ('subdistrict', 'town', 'township')),
  "quality" TEXT NOT NULL CONSTRAINT "quality" CHECK ("quality" IN ('surveyed', 'official', 'generalised', 'schematic', 'census', 'reported', 'estimate', 'demonstration')),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
INSERT INTO "townships" VALUES (1, X'475000038A1100009A99999999D95B40CDCCCCCCCCDC5B403333333333333B400000000000403B4001060000000100000001030000000100000005000000CDCCCCCCCCDC5B403333333333333B40CDCCCCCCCCDC5B400000000000403B409A99999999D95B400000000000403B409A99999999D95B403333333333333B40CDCCCCCCCCDC5B403333333333333B40', '430599001', '城东街道', 'subdistrict', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships" VALUES (2, X'475000038A110000CDCCCCCCCCDC5B400000000000E05B403333333333333B400000000000403B40010600000001000000010300000001000000050000000000000000E05B403333333333333B400000000000E05B400000000000403B40CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCCDC5B403333333333333B400000000000E05B403333333333333B40', '430599002', '城南街道', 'subdistrict', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships" VALUES (3, X'475000038A1100009A99999999D95B40CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCC4C3B4001060000000100000001030000000100000005000000CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCCDC5B40CDCCCCCCCC4C3B409A99999999D95B40CDCCCCCCCC4C3B409A99999999D95B400000000000403B40CDCCCCCCCCDC5B400000000000403B40', '430599101', '河西镇', 'town', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships" VALUES (4, X'475000038A110000CDCCCCCCCCDC5B400000000000E05B400000000000403B40CDCCCCCCCC4C3B40010600000001000000010300000001000000050000000000000000E05B400000000000403B400000000000E05B40CDCCCCCCCC4C3B40CDCCCCCCCCDC5B40CDCCCCCCCC4C3B40CDCCCCCCCCDC5B400000000000403B400000000000E05B400000000000403B40', '430599201', '山口乡', 'township', 'schematic', 'map', NULL, NULL, NULL);
CREATE TABLE "districts" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  "district_code" TEXT NOT NULL UNIQUE CONSTRAINT "district_code" CHECK (length("district_code") <= 6),
  "name_zh" TEXT NOT NULL CONSTRAINT "name_zh" CHECK (length("name_zh") <= 20000),
  "role" TEXT NOT NULL CONSTRAINT "role" CHECK (length("role") <= 20000),
  "quality" TEXT NOT NULL CONSTRAINT "quality" CHECK ("quality" IN ('surveyed', 'official', 'generalised', 'schematic', 'census', 'reported', 'estimate', 'demonstration')),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000)
);
INSERT INTO "districts" VALUES (1, X'475000038A1100009A99999999D95B400000000000E05B403333333333333B40CDCCCCCCCC4C3B40010600000001000000010300000001000000050000000000000000E05B403333333333333B400000000000E05B40CDCCCCCCCC4C3B409A99999999D95B40CDCCCCCCCC4C3B409A99999999D95B403333333333333B400000000000E05B403333333333333B40', '430599', '玩具区', 'district', 'generalised', 'map');
CREATE TABLE "villages" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom GEOMETRY,
  "village_code" TEXT NOT NULL UNIQUE CONSTRAINT "village_code" CHECK (length("village_code") <= 12),
  "township_code" TEXT NOT NULL CONSTRAINT "township_code" CHECK (length("township_code") <= 9),
  "name_zh" TEXT NOT NULL CONSTRAINT "name_zh" CHECK (length("name_zh") <= 20000),
  "kind" TEXT NOT NULL CONSTRAINT "kind" CHECK ("kind" IN ('community', 'village')),
  "urban_rural_class" TEXT CONSTRAINT "urban_rural_class" CHECK (length("urban_rural_class") <= 3),
  "population" INTEGER CONSTRAINT "population" CHECK (typeof("population") IN ('integer', 'null')) CONSTRAINT "population" CHECK ("population" >= 0) CONSTRAINT "population" CHECK ("population" <= 100000000),
  "population_0_14" INTEGER CONSTRAINT "population_0_14" CHECK (typeof("population_0_14") IN ('integer', 'null')) CONSTRAINT "population_0_14" CHECK ("population_0_14" >= 0) CONSTRAINT "population_0_14" CHECK ("population_0_14" <= 100000000),
  "population_15_59" INTEGER CONSTRAINT "population_15_59" CHECK (typeof("population_15_59") IN ('integer', 'null')) CONSTRAINT "population_15_59" CHECK ("population_15_59" >= 0) CONSTRAINT "population_15_59" CHECK ("population_15_59" <= 100000000),
  "population_60_plus" INTEGER CONSTRAINT "population_60_plus" CHECK (typeof("population_60_plus") IN ('integer', 'null')) CONSTRAINT "population_60_plus" CHECK ("population_60_plus" >= 0) CONSTRAINT "population_60_plus" CHECK ("population_60_plus" <= 100000000),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
INSERT INTO "villages" VALUES (1, NULL, '430599001001', '430599001', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages" VALUES (2, NULL, '430599002001', '430599002', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages" VALUES (3, NULL, '430599101001', '430599101', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages" VALUES (4, NULL, '430599201001', '430599201', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
CREATE TABLE "population" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "division_code" TEXT NOT NULL CONSTRAINT "division_code" CHECK (length("division_code") <= 12),
  "name_zh" TEXT NOT NULL CONSTRAINT "name_zh" CHECK (length("name_zh") <= 20000),
  "population_kind" TEXT NOT NULL CONSTRAINT "population_kind" CHECK ("population_kind" IN ('resident', 'registered')),
  "year" INTEGER NOT NULL CONSTRAINT "year" CHECK (typeof("year") IN ('integer', 'null')) CONSTRAINT "year" CHECK ("year" >= 1949) CONSTRAINT "year" CHECK ("year" <= 2100),
  "population" INTEGER NOT NULL CONSTRAINT "population" CHECK (typeof("population") IN ('integer', 'null')) CONSTRAINT "population" CHECK ("population" >= 0) CONSTRAINT "population" CHECK ("population" <= 100000000),
  "urban_population" INTEGER CONSTRAINT "urban_population" CHECK (typeof("urban_population") IN ('integer', 'null')) CONSTRAINT "urban_population" CHECK ("urban_population" >= 0) CONSTRAINT "urban_population" CHECK ("urban_population" <= 100000000),
  "rural_population" INTEGER CONSTRAINT "rural_population" CHECK (typeof("rural_population") IN ('integer', 'null')) CONSTRAINT "rural_population" CHECK ("rural_population" >= 0) CONSTRAINT "rural_population" CHECK ("rural_population" <= 100000000),
  "population_0_14" INTEGER CONSTRAINT "population_0_14" CHECK (typeof("population_0_14") IN ('integer', 'null')) CONSTRAINT "population_0_14" CHECK ("population_0_14" >= 0) CONSTRAINT "population_0_14" CHECK ("population_0_14" <= 100000000),
  "population_15_59" INTEGER CONSTRAINT "population_15_59" CHECK (typeof("population_15_59") IN ('integer', 'null')) CONSTRAINT "population_15_59" CHECK ("population_15_59" >= 0) CONSTRAINT "population_15_59" CHECK ("population_15_59" <= 100000000),
  "population_60_plus" INTEGER CONSTRAINT "population_60_plus" CHECK (typeof("population_60_plus") IN ('integer', 'null')) CONSTRAINT "population_60_plus" CHECK ("population_60_plus" >= 0) CONSTRAINT "population_60_plus" CHECK ("population_60_plus" <= 100000000),
  "quality" TEXT NOT NULL CONSTRAINT "quality" CHECK ("quality" IN ('surveyed', 'official', 'generalised', 'schematic', 'census', 'reported', 'estimate', 'demonstration')),
  "basis" TEXT CONSTRAINT "basis" CHECK (length("basis") <= 20000),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1),
  UNIQUE (division_code, population_kind, year)
);
INSERT INTO "population" VALUES (1, '430599', '玩具区', 'resident', 2020, 28, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population" VALUES (2, '430599001', '城东街道', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population" VALUES (3, '430599002', '城南街道', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population" VALUES (4, '430599101', '河西镇', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population" VALUES (5, '430599201', '山口乡', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
CREATE TABLE "sources" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "source_id" TEXT NOT NULL UNIQUE CONSTRAINT "source_id" CHECK (length("source_id") <= 64),
  "title_zh" TEXT NOT NULL CONSTRAINT "title_zh" CHECK (length("title_zh") <= 20000),
  "title_en" TEXT NOT NULL CONSTRAINT "title_en" CHECK (length("title_en") <= 20000),
  "publisher" TEXT NOT NULL CONSTRAINT "publisher" CHECK (length("publisher") <= 20000),
  "published_on" TEXT NOT NULL CONSTRAINT "published_on" CHECK (length("published_on") <= 20000),
  "licence" TEXT NOT NULL CONSTRAINT "licence" CHECK (length("licence") <= 20000),
  "original_datum" TEXT CONSTRAINT "original_datum" CHECK (length("original_datum") <= 20000),
  "quality" TEXT NOT NULL CONSTRAINT "quality" CHECK ("quality" IN ('surveyed', 'official', 'generalised', 'schematic', 'census', 'reported', 'estimate', 'demonstration')),
  "map_approval_number" TEXT CONSTRAINT "map_approval_number" CHECK (length("map_approval_number") <= 20000),
  "sha256" TEXT CONSTRAINT "sha256" CHECK (length("sha256") <= 64)
);
INSERT INTO "sources" VALUES (1, 'map', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
INSERT INTO "sources" VALUES (2, 'villages', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
INSERT INTO "sources" VALUES (4, 'new', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
CREATE TABLE "weights" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom MULTIPOLYGON,
  "weight" REAL NOT NULL CONSTRAINT "weight" CHECK (typeof("weight") IN ('real', 'null')) CONSTRAINT "weight" CHECK ("weight" >= 0),
  "persons" BOOLEAN CONSTRAINT "persons" CHECK ("persons" IN (0, 1)),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
CREATE TABLE "roads" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  geom LINESTRING,
  "road_class" TEXT CONSTRAINT "road_class" CHECK (length("road_class") <= 64),
  "oneway" TEXT NOT NULL CONSTRAINT "oneway" CHECK ("oneway" IN ('both', 'forward', 'reverse')),
  "level" INTEGER NOT NULL CONSTRAINT "level" CHECK (typeof("level") IN ('integer', 'null')) CONSTRAINT "level" CHECK ("level" >= -9) CONSTRAINT "level" CHECK ("level" <= 9),
  "name" TEXT CONSTRAINT "name" CHECK (length("name") <= 200),
  "source_id" TEXT NOT NULL CONSTRAINT "source_id" CHECK (length("source_id") <= 20000),
  "source_file" TEXT CONSTRAINT "source_file" CHECK (length("source_file") <= 20000),
  "source_sheet" TEXT CONSTRAINT "source_sheet" CHECK (length("source_sheet") <= 20000),
  "source_row" INTEGER CONSTRAINT "source_row" CHECK (typeof("source_row") IN ('integer', 'null')) CONSTRAINT "source_row" CHECK ("source_row" >= 1)
);
CREATE TABLE loads (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  loaded_at DATETIME NOT NULL,
  file_name TEXT NOT NULL,
  sha256 TEXT NOT NULL
    CHECK (length(sha256) = 64 OR sha256 = '' AND what NOT IN ('facilities', 'population', 'boundaries', 'district', 'villages', 'weights', 'roads')),
  what TEXT NOT NULL CHECK (what IN ('facilities', 'population', 'boundaries', 'district', 'villages', 'weights', 'roads', 'undo', 'edit', 'upgrade', 'merge')),
  row_count INTEGER NOT NULL CHECK (row_count >= 0),
  who TEXT NOT NULL DEFAULT '',
  added INTEGER,
  changed INTEGER,
  removed INTEGER,
  unchanged INTEGER,
  quarantined INTEGER,
  undoes INTEGER
);
INSERT INTO "loads" VALUES (1, '2025-03-01T08:00:00.000Z', '台账.xlsx', '0000000000000000000000000000000000000000000000000000000000000000', 'district', 3, '', 18, 0, 0, 0, 0, NULL);
INSERT INTO "loads" VALUES (2, '2025-03-02T08:00:00.000Z', '台账.xlsx', '0000000000000000000000000000000000000000000000000000000000000001', 'facilities', 3, '王芳', 0, 3, 1, 0, 2, NULL);
INSERT INTO "loads" VALUES (3, '2025-03-03T08:00:00.000Z', '台账.xlsx', '0000000000000000000000000000000000000000000000000000000000000002', 'facilities', 3, '', 0, 0, 1, 2, 1, NULL);
INSERT INTO "loads" VALUES (4, '2025-03-04T08:00:00.000Z', '台账.xlsx', '0000000000000000000000000000000000000000000000000000000000000002', 'undo', 3, '李雷', 1, 0, 0, 2, 0, 3);
INSERT INTO "loads" VALUES (5, '2025-03-05T08:00:00.000Z', '台账.xlsx', '0000000000000000000000000000000000000000000000000000000000000004', 'population', 3, '', 0, 5, 0, 0, 0, NULL);
INSERT INTO "loads" VALUES (6, '2026-11-28T03:19:04.836Z', '', '', 'edit', 1, '', NULL, NULL, NULL, NULL, NULL, NULL);
CREATE TABLE meta (
  fid INTEGER PRIMARY KEY NOT NULL CHECK (fid = 1),
  product TEXT NOT NULL,
  schema_version INTEGER NOT NULL,
  version INTEGER NOT NULL,
  approval_number TEXT
);
INSERT INTO "meta" VALUES (1, 'kepu-atlas', 5, 7, '湘S(2024)001号');
CREATE TABLE "facilities_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "facility_id" TEXT,
  "name" TEXT,
  "kind" TEXT,
  "level" TEXT,
  "exhibition_area_m2" REAL,
  "floor_area_m2" REAL,
  "outdoor_area_m2" REAL,
  "gallery_length_m" REAL,
  "shared_use" BOOLEAN,
  "shared_use_ratio" REAL,
  "open_to_public" BOOLEAN,
  "opened_on" DATE,
  "closed_on" DATE,
  "status" TEXT,
  "district_run" BOOLEAN,
  "audiences" TEXT,
  "department" TEXT,
  "address" TEXT,
  "township_code" TEXT,
  "village_code" TEXT,
  "contact" TEXT,
  "position_source" TEXT,
  "verification" TEXT,
  "valid_from" DATE,
  "demonstration" BOOLEAN,
  "note" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
INSERT INTO "facilities_history" VALUES (1, 1, 2, 1, NULL, 's0-0', '第0号科普馆', 'exhibition_hall', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL, NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 2);
INSERT INTO "facilities_history" VALUES (2, 1, 2, 2, X'475000038A110000AC69599E53DB5B40AC69599E53DB5B40A090F208914A3B40A090F208914A3B400101000000AC69599E53DB5B40A090F208914A3B40', 's0-1', '第1号科普馆', 'library', NULL, 8.41630108985203605719e+02, NULL, NULL, NULL, NULL, NULL, 0, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 3);
INSERT INTO "facilities_history" VALUES (3, 1, 2, 3, X'475000038A110000923B24BBDCD95B40923B24BBDCD95B404BF324D9BA423B404BF324D9BA423B400101000000923B24BBDCD95B404BF324D9BA423B40', 's0-2', '第2号科普馆', 'exhibition_hall', NULL, 7.3445234515525737607e+02, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 4);
INSERT INTO "facilities_history" VALUES (4, 1, 2, 4, X'475000038A110000AFF3CAADB4D95B40AFF3CAADB4D95B40A7655607E0453B40A7655607E0453B400101000000AFF3CAADB4D95B40A7655607E0453B40', 's0-3', '第3号科普馆', 'library', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 5);
INSERT INTO "facilities_history" VALUES (5, 2, NULL, 1, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-1', '第1号科普馆', 'library', NULL, 8.41630108985203605719e+02, NULL, NULL, NULL, NULL, NULL, 0, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 3);
INSERT INTO "facilities_history" VALUES (6, 2, NULL, 2, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-2', '第2号科普馆', 'exhibition_hall', NULL, 7.3445234515525737607e+02, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 4);
INSERT INTO "facilities_history" VALUES (7, 2, 3, 3, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-3', '第3号科普馆', 'library', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 5);
INSERT INTO "facilities_history" VALUES (8, 4, 6, 3, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-3', '第3号科普馆', 'library', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 5);
INSERT INTO "facilities_history" VALUES (9, 6, NULL, 3, X'475000038A1100007B14AE47E1DA5B407B14AE47E1DA5B40B81E85EB51383B40B81E85EB51383B4001010000007B14AE47E1DA5B40B81E85EB51383B40', 's0-3', 'QGIS', 'library', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2021-02-28', NULL, 'operating', NULL, NULL, NULL, NULL, '430599001', NULL, NULL, NULL, 'verified', NULL, 1, NULL, NULL, NULL, 5);
CREATE TABLE "designations_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  "facility_id" TEXT,
  "title" TEXT,
  "kind" TEXT,
  "level" TEXT,
  "issuing_body" TEXT,
  "document_number" TEXT,
  "valid_from" DATE,
  "valid_to" DATE,
  "status" TEXT,
  "demonstration" BOOLEAN,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
INSERT INTO "designations_history" VALUES (1, 1, 2, 1, 's0-0', '科普教育基地（第0批）', NULL, NULL, NULL, NULL, NULL, '2026-12-31', NULL, 1, NULL, NULL, NULL);
INSERT INTO "designations_history" VALUES (2, 1, NULL, 2, 's0-1', '科普教育基地（第0批）', NULL, NULL, NULL, NULL, NULL, '2026-12-31', NULL, 1, NULL, NULL, NULL);
INSERT INTO "designations_history" VALUES (3, 1, NULL, 3, 's0-2', '科普教育基地（第0批）', NULL, NULL, NULL, NULL, NULL, '2026-12-31', NULL, 1, NULL, NULL, NULL);
CREATE TABLE "townships_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "township_code" TEXT,
  "name_zh" TEXT,
  "kind" TEXT,
  "quality" TEXT,
  "source_id" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
INSERT INTO "townships_history" VALUES (1, 1, NULL, 1, X'475000038A1100009A99999999D95B40CDCCCCCCCCDC5B403333333333333B400000000000403B4001060000000100000001030000000100000005000000CDCCCCCCCCDC5B403333333333333B40CDCCCCCCCCDC5B400000000000403B409A99999999D95B400000000000403B409A99999999D95B403333333333333B40CDCCCCCCCCDC5B403333333333333B40', '430599001', '城东街道', 'subdistrict', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships_history" VALUES (2, 1, NULL, 2, X'475000038A110000CDCCCCCCCCDC5B400000000000E05B403333333333333B400000000000403B40010600000001000000010300000001000000050000000000000000E05B403333333333333B400000000000E05B400000000000403B40CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCCDC5B403333333333333B400000000000E05B403333333333333B40', '430599002', '城南街道', 'subdistrict', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships_history" VALUES (3, 1, NULL, 3, X'475000038A1100009A99999999D95B40CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCC4C3B4001060000000100000001030000000100000005000000CDCCCCCCCCDC5B400000000000403B40CDCCCCCCCCDC5B40CDCCCCCCCC4C3B409A99999999D95B40CDCCCCCCCC4C3B409A99999999D95B400000000000403B40CDCCCCCCCCDC5B400000000000403B40', '430599101', '河西镇', 'town', 'schematic', 'map', NULL, NULL, NULL);
INSERT INTO "townships_history" VALUES (4, 1, NULL, 4, X'475000038A110000CDCCCCCCCCDC5B400000000000E05B400000000000403B40CDCCCCCCCC4C3B40010600000001000000010300000001000000050000000000000000E05B400000000000403B400000000000E05B40CDCCCCCCCC4C3B40CDCCCCCCCCDC5B40CDCCCCCCCC4C3B40CDCCCCCCCCDC5B400000000000403B400000000000E05B400000000000403B40', '430599201', '山口乡', 'township', 'schematic', 'map', NULL, NULL, NULL);
CREATE TABLE "districts_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "district_code" TEXT,
  "name_zh" TEXT,
  "role" TEXT,
  "quality" TEXT,
  "source_id" TEXT
);
INSERT INTO "districts_history" VALUES (1, 1, NULL, 1, X'475000038A1100009A99999999D95B400000000000E05B403333333333333B40CDCCCCCCCC4C3B40010600000001000000010300000001000000050000000000000000E05B403333333333333B400000000000E05B40CDCCCCCCCC4C3B409A99999999D95B40CDCCCCCCCC4C3B409A99999999D95B403333333333333B400000000000E05B403333333333333B40', '430599', '玩具区', 'district', 'generalised', 'map');
CREATE TABLE "villages_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "village_code" TEXT,
  "township_code" TEXT,
  "name_zh" TEXT,
  "kind" TEXT,
  "urban_rural_class" TEXT,
  "population" INTEGER,
  "population_0_14" INTEGER,
  "population_15_59" INTEGER,
  "population_60_plus" INTEGER,
  "source_id" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
INSERT INTO "villages_history" VALUES (1, 1, NULL, 1, NULL, '430599001001', '430599001', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages_history" VALUES (2, 1, NULL, 2, NULL, '430599002001', '430599002', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages_history" VALUES (3, 1, NULL, 3, NULL, '430599101001', '430599101', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
INSERT INTO "villages_history" VALUES (4, 1, NULL, 4, NULL, '430599201001', '430599201', '一村', 'village', '220', NULL, NULL, NULL, NULL, 'villages', NULL, NULL, NULL);
CREATE TABLE "population_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  "division_code" TEXT,
  "name_zh" TEXT,
  "population_kind" TEXT,
  "year" INTEGER,
  "population" INTEGER,
  "urban_population" INTEGER,
  "rural_population" INTEGER,
  "population_0_14" INTEGER,
  "population_15_59" INTEGER,
  "population_60_plus" INTEGER,
  "quality" TEXT,
  "basis" TEXT,
  "source_id" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
INSERT INTO "population_history" VALUES (1, 1, 5, 1, '430599', '玩具区', 'resident', 2020, 4000, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'census', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (2, 1, 5, 2, '430599001', '城东街道', 'resident', 2020, 1000, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'census', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (3, 1, 5, 3, '430599002', '城南街道', 'resident', 2020, 1000, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'census', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (4, 1, 5, 4, '430599101', '河西镇', 'resident', 2020, 1000, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'census', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (5, 1, 5, 5, '430599201', '山口乡', 'resident', 2020, 1000, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'census', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (6, 5, NULL, 1, '430599', '玩具区', 'resident', 2020, 28, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (7, 5, NULL, 2, '430599001', '城东街道', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (8, 5, NULL, 3, '430599002', '城南街道', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (9, 5, NULL, 4, '430599101', '河西镇', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
INSERT INTO "population_history" VALUES (10, 5, NULL, 5, '430599201', '山口乡', 'resident', 2020, 7, NULL, NULL, NULL, NULL, NULL, 'estimate', NULL, 'new', NULL, NULL, NULL);
CREATE TABLE "sources_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  "source_id" TEXT,
  "title_zh" TEXT,
  "title_en" TEXT,
  "publisher" TEXT,
  "published_on" TEXT,
  "licence" TEXT,
  "original_datum" TEXT,
  "quality" TEXT,
  "map_approval_number" TEXT,
  "sha256" TEXT
);
INSERT INTO "sources_history" VALUES (1, 1, NULL, 1, 'map', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
INSERT INTO "sources_history" VALUES (2, 1, NULL, 2, 'villages', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
INSERT INTO "sources_history" VALUES (3, 1, 5, 3, 'census', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
INSERT INTO "sources_history" VALUES (4, 5, NULL, 4, 'new', '来源', 'Source', 'tests', '2020', 'CC0', NULL, 'census', NULL, NULL);
CREATE TABLE "weights_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "weight" REAL,
  "persons" BOOLEAN,
  "source_id" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
CREATE TABLE "roads_history" (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  valid_from_load INTEGER NOT NULL,
  valid_to_load INTEGER,
  live_fid INTEGER NOT NULL,
  geom BLOB,
  "road_class" TEXT,
  "oneway" TEXT,
  "level" INTEGER,
  "name" TEXT,
  "source_id" TEXT,
  "source_file" TEXT,
  "source_sheet" TEXT,
  "source_row" INTEGER
);
CREATE TABLE quarantine (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  load_id INTEGER NOT NULL,
  since_load INTEGER NOT NULL,
  resolved_by_load INTEGER,
  what TEXT NOT NULL,
  source_file TEXT NOT NULL,
  source_sheet TEXT,
  source_row INTEGER NOT NULL CHECK (source_row >= 1),
  facility_id TEXT,
  cells TEXT NOT NULL,
  reasons TEXT NOT NULL
);
INSERT INTO "quarantine" VALUES (1, 2, 2, 3, 'facilities', '台账.xlsx', '设施', 7, NULL, '{"展厅面积": "约两百"}', '[{"code": "bad_number", "zh": "不是数字。", "en": "Not a number.", "column": "展厅面积", "proposal": "200", "confidence": 0.8}]');
INSERT INTO "quarantine" VALUES (2, 2, 2, NULL, 'facilities', '台账.xlsx', '设施', 8, NULL, '{"展厅面积": "约两百"}', '[{"code": "bad_number", "zh": "不是数字。", "en": "Not a number.", "column": "展厅面积", "proposal": "200", "confidence": 0.8}]');
INSERT INTO "quarantine" VALUES (3, 2, 4, NULL, 'facilities', '台账.xlsx', '设施', 7, NULL, '{"展厅面积": "约两百"}', '[{"code": "bad_number", "zh": "不是数字。", "en": "Not a number.", "column": "展厅面积", "proposal": "200", "confidence": 0.8}]');
CREATE TABLE merges (
  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  load_id INTEGER NOT NULL,
  keep_id TEXT NOT NULL,
  other_id TEXT NOT NULL CHECK (other_id != keep_id),
  as_plaque BOOLEAN NOT NULL CHECK (as_plaque IN (0, 1))
);
CREATE VIRTUAL TABLE "rtree_weights_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_roads_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_townships_geom" USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO "rtree_townships_geom" VALUES (1, 1.11399986267089843748e+02, 1.11450012207031250003e+02, 2.71999969482421875008e+01, 27.25);
INSERT INTO "rtree_townships_geom" VALUES (2, 1.11449996948242187496e+02, 111.5, 2.71999969482421875008e+01, 27.25);
INSERT INTO "rtree_townships_geom" VALUES (3, 1.11399986267089843748e+02, 1.11450012207031250003e+02, 27.25, 2.73000030517578124995e+01);
INSERT INTO "rtree_townships_geom" VALUES (4, 1.11449996948242187496e+02, 111.5, 27.25, 2.73000030517578124995e+01);
CREATE VIRTUAL TABLE "rtree_districts_geom" USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO "rtree_districts_geom" VALUES (1, 1.11399986267089843748e+02, 111.5, 2.71999969482421875008e+01, 2.73000030517578124995e+01);
CREATE VIRTUAL TABLE "rtree_villages_geom" USING rtree(id, minx, maxx, miny, maxy);
CREATE VIRTUAL TABLE "rtree_facilities_geom" USING rtree(id, minx, maxx, miny, maxy);
INSERT INTO "rtree_facilities_geom" VALUES (1, 1.11419998168945312501e+02, 1.11420013427734374998e+02, 2.7219999313354492187e+01, 2.72200031280517578129e+01);
INSERT INTO "rtree_facilities_geom" VALUES (2, 1.11419998168945312501e+02, 1.11420013427734374998e+02, 2.7219999313354492187e+01, 2.72200031280517578129e+01);
INSERT INTO "rtree_facilities_geom" VALUES (3, 1.11419998168945312501e+02, 1.11420013427734374998e+02, 2.7219999313354492187e+01, 2.72200031280517578129e+01);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES ('facilities', 4);
INSERT INTO "sqlite_sequence" VALUES ('designations', 3);
INSERT INTO "sqlite_sequence" VALUES ('townships', 4);
INSERT INTO "sqlite_sequence" VALUES ('districts', 1);
INSERT INTO "sqlite_sequence" VALUES ('villages', 4);
INSERT INTO "sqlite_sequence" VALUES ('population', 5);
INSERT INTO "sqlite_sequence" VALUES ('sources', 4);
INSERT INTO "sqlite_sequence" VALUES ('loads', 6);
INSERT INTO "sqlite_sequence" VALUES ('facilities_history', 9);
INSERT INTO "sqlite_sequence" VALUES ('designations_history', 3);
INSERT INTO "sqlite_sequence" VALUES ('townships_history', 4);
INSERT INTO "sqlite_sequence" VALUES ('districts_history', 1);
INSERT INTO "sqlite_sequence" VALUES ('villages_history', 4);
INSERT INTO "sqlite_sequence" VALUES ('population_history', 10);
INSERT INTO "sqlite_sequence" VALUES ('sources_history', 4);
INSERT INTO "sqlite_sequence" VALUES ('weights_history', 0);
INSERT INTO "sqlite_sequence" VALUES ('roads_history', 0);
INSERT INTO "sqlite_sequence" VALUES ('quarantine', 3);
CREATE UNIQUE INDEX "facilities_history_now" ON "facilities_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "facilities_history_id" ON "facilities_history" ("facility_id");
CREATE UNIQUE INDEX "designations_history_now" ON "designations_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "designations_history_id" ON "designations_history" ("facility_id");
CREATE UNIQUE INDEX "townships_history_now" ON "townships_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "townships_history_id" ON "townships_history" ("township_code");
CREATE UNIQUE INDEX "districts_history_now" ON "districts_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "districts_history_id" ON "districts_history" ("district_code");
CREATE UNIQUE INDEX "villages_history_now" ON "villages_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "villages_history_id" ON "villages_history" ("village_code");
CREATE UNIQUE INDEX "population_history_now" ON "population_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "population_history_id" ON "population_history" ("division_code");
CREATE UNIQUE INDEX "sources_history_now" ON "sources_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "sources_history_id" ON "sources_history" ("source_id");
CREATE UNIQUE INDEX "weights_history_now" ON "weights_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "weights_history_id" ON "weights_history" ("source_file");
CREATE UNIQUE INDEX "roads_history_now" ON "roads_history" (live_fid) WHERE valid_to_load IS NULL;
CREATE INDEX "roads_history_id" ON "roads_history" ("source_file");
CREATE INDEX quarantine_open ON quarantine (source_file) WHERE resolved_by_load IS NULL;
CREATE TRIGGER "kepu_weights_insert" AFTER INSERT ON "weights" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_weights_update" AFTER UPDATE ON "weights" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_weights_delete" AFTER DELETE ON "weights" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_weights_geom_insert" AFTER INSERT ON "weights" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_weights_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_weights_geom_update1" AFTER UPDATE OF "geom" ON "weights" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_weights_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_weights_geom_update2" AFTER UPDATE OF "geom" ON "weights" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_weights_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_weights_geom_update3" AFTER UPDATE ON "weights" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_weights_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_weights_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_weights_geom_update4" AFTER UPDATE ON "weights" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_weights_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_weights_geom_delete" AFTER DELETE ON "weights" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_weights_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_roads_insert" AFTER INSERT ON "roads" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_roads_update" AFTER UPDATE ON "roads" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_roads_delete" AFTER DELETE ON "roads" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_roads_geom_insert" AFTER INSERT ON "roads" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_roads_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_roads_geom_update1" AFTER UPDATE OF "geom" ON "roads" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_roads_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_roads_geom_update2" AFTER UPDATE OF "geom" ON "roads" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_roads_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_roads_geom_update3" AFTER UPDATE ON "roads" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_roads_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_roads_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_roads_geom_update4" AFTER UPDATE ON "roads" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_roads_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_roads_geom_delete" AFTER DELETE ON "roads" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_roads_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_weights_history_insert" AFTER INSERT ON "weights" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "weights_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid); INSERT INTO "weights_history" (valid_from_load, live_fid, "geom", "weight", "persons", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "weight", "persons", "source_id", "source_file", "source_sheet", "source_row" FROM "weights" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_weights_history_update" AFTER UPDATE ON "weights" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "weights_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "weights_history" (valid_from_load, live_fid, "geom", "weight", "persons", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "weight", "persons", "source_id", "source_file", "source_sheet", "source_row" FROM "weights" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_weights_history_delete" AFTER DELETE ON "weights" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "weights_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_roads_history_insert" AFTER INSERT ON "roads" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "roads_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid); INSERT INTO "roads_history" (valid_from_load, live_fid, "geom", "road_class", "oneway", "level", "name", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "road_class", "oneway", "level", "name", "source_id", "source_file", "source_sheet", "source_row" FROM "roads" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_roads_history_update" AFTER UPDATE ON "roads" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "roads_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "roads_history" (valid_from_load, live_fid, "geom", "road_class", "oneway", "level", "name", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "road_class", "oneway", "level", "name", "source_id", "source_file", "source_sheet", "source_row" FROM "roads" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_roads_history_delete" AFTER DELETE ON "roads" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "roads_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_townships_insert" AFTER INSERT ON "townships" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_townships_update" AFTER UPDATE ON "townships" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_townships_delete" AFTER DELETE ON "townships" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_townships_geom_insert" AFTER INSERT ON "townships" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_townships_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_townships_geom_update1" AFTER UPDATE OF "geom" ON "townships" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_townships_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_townships_geom_update2" AFTER UPDATE OF "geom" ON "townships" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_townships_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_townships_geom_update3" AFTER UPDATE ON "townships" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_townships_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_townships_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_townships_geom_update4" AFTER UPDATE ON "townships" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_townships_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_townships_geom_delete" AFTER DELETE ON "townships" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_townships_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_townships_history_insert" AFTER INSERT ON "townships" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "townships_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid OR "township_code" = NEW."township_code"); INSERT INTO "townships_history" (valid_from_load, live_fid, "geom", "township_code", "name_zh", "kind", "quality", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "township_code", "name_zh", "kind", "quality", "source_id", "source_file", "source_sheet", "source_row" FROM "townships" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_townships_history_update" AFTER UPDATE ON "townships" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "townships_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "townships_history" (valid_from_load, live_fid, "geom", "township_code", "name_zh", "kind", "quality", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "township_code", "name_zh", "kind", "quality", "source_id", "source_file", "source_sheet", "source_row" FROM "townships" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_townships_history_delete" AFTER DELETE ON "townships" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "townships_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_districts_insert" AFTER INSERT ON "districts" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_districts_update" AFTER UPDATE ON "districts" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_districts_delete" AFTER DELETE ON "districts" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_districts_geom_insert" AFTER INSERT ON "districts" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_districts_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_districts_geom_update1" AFTER UPDATE OF "geom" ON "districts" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_districts_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_districts_geom_update2" AFTER UPDATE OF "geom" ON "districts" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_districts_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_districts_geom_update3" AFTER UPDATE ON "districts" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_districts_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_districts_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_districts_geom_update4" AFTER UPDATE ON "districts" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_districts_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_districts_geom_delete" AFTER DELETE ON "districts" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_districts_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_districts_history_insert" AFTER INSERT ON "districts" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "districts_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid OR "district_code" = NEW."district_code"); INSERT INTO "districts_history" (valid_from_load, live_fid, "geom", "district_code", "name_zh", "role", "quality", "source_id") SELECT (SELECT max(fid) FROM loads), fid, "geom", "district_code", "name_zh", "role", "quality", "source_id" FROM "districts" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_districts_history_update" AFTER UPDATE ON "districts" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "districts_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "districts_history" (valid_from_load, live_fid, "geom", "district_code", "name_zh", "role", "quality", "source_id") SELECT (SELECT max(fid) FROM loads), fid, "geom", "district_code", "name_zh", "role", "quality", "source_id" FROM "districts" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_districts_history_delete" AFTER DELETE ON "districts" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "districts_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_villages_insert" AFTER INSERT ON "villages" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_villages_update" AFTER UPDATE ON "villages" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_villages_delete" AFTER DELETE ON "villages" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_villages_geom_insert" AFTER INSERT ON "villages" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_villages_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_villages_geom_update1" AFTER UPDATE OF "geom" ON "villages" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_villages_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_villages_geom_update2" AFTER UPDATE OF "geom" ON "villages" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_villages_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_villages_geom_update3" AFTER UPDATE ON "villages" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_villages_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_villages_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_villages_geom_update4" AFTER UPDATE ON "villages" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_villages_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_villages_geom_delete" AFTER DELETE ON "villages" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_villages_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_villages_history_insert" AFTER INSERT ON "villages" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "villages_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid OR "village_code" = NEW."village_code"); INSERT INTO "villages_history" (valid_from_load, live_fid, "geom", "village_code", "township_code", "name_zh", "kind", "urban_rural_class", "population", "population_0_14", "population_15_59", "population_60_plus", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "village_code", "township_code", "name_zh", "kind", "urban_rural_class", "population", "population_0_14", "population_15_59", "population_60_plus", "source_id", "source_file", "source_sheet", "source_row" FROM "villages" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_villages_history_update" AFTER UPDATE ON "villages" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "villages_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "villages_history" (valid_from_load, live_fid, "geom", "village_code", "township_code", "name_zh", "kind", "urban_rural_class", "population", "population_0_14", "population_15_59", "population_60_plus", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "village_code", "township_code", "name_zh", "kind", "urban_rural_class", "population", "population_0_14", "population_15_59", "population_60_plus", "source_id", "source_file", "source_sheet", "source_row" FROM "villages" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_villages_history_delete" AFTER DELETE ON "villages" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "villages_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_designations_insert" AFTER INSERT ON "designations" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_designations_update" AFTER UPDATE ON "designations" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_designations_delete" AFTER DELETE ON "designations" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_designations_history_insert" AFTER INSERT ON "designations" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "designations_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid); INSERT INTO "designations_history" (valid_from_load, live_fid, "facility_id", "title", "kind", "level", "issuing_body", "document_number", "valid_from", "valid_to", "status", "demonstration", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "facility_id", "title", "kind", "level", "issuing_body", "document_number", "valid_from", "valid_to", "status", "demonstration", "source_file", "source_sheet", "source_row" FROM "designations" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_designations_history_update" AFTER UPDATE ON "designations" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "designations_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "designations_history" (valid_from_load, live_fid, "facility_id", "title", "kind", "level", "issuing_body", "document_number", "valid_from", "valid_to", "status", "demonstration", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "facility_id", "title", "kind", "level", "issuing_body", "document_number", "valid_from", "valid_to", "status", "demonstration", "source_file", "source_sheet", "source_row" FROM "designations" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_designations_history_delete" AFTER DELETE ON "designations" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "designations_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_facilities_insert" AFTER INSERT ON "facilities" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_facilities_update" AFTER UPDATE ON "facilities" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_facilities_delete" AFTER DELETE ON "facilities" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "rtree_facilities_geom_insert" AFTER INSERT ON "facilities" WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_facilities_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_facilities_geom_update1" AFTER UPDATE OF "geom" ON "facilities" WHEN OLD.fid = NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN INSERT OR REPLACE INTO "rtree_facilities_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_facilities_geom_update2" AFTER UPDATE OF "geom" ON "facilities" WHEN OLD.fid = NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_facilities_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "rtree_facilities_geom_update3" AFTER UPDATE ON "facilities" WHEN OLD.fid != NEW.fid AND (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_facilities_geom" WHERE id = OLD.fid; INSERT OR REPLACE INTO "rtree_facilities_geom" VALUES (NEW.fid, ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_facilities_geom_update4" AFTER UPDATE ON "facilities" WHEN OLD.fid != NEW.fid AND (NEW."geom" IS NULL OR ST_IsEmpty(NEW."geom")) BEGIN DELETE FROM "rtree_facilities_geom" WHERE id IN (OLD.fid, NEW.fid); END;
CREATE TRIGGER "rtree_facilities_geom_delete" AFTER DELETE ON "facilities" WHEN OLD."geom" NOT NULL BEGIN DELETE FROM "rtree_facilities_geom" WHERE id = OLD.fid; END;
CREATE TRIGGER "kepu_facilities_history_insert" AFTER INSERT ON "facilities" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "facilities_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid OR "facility_id" = NEW."facility_id"); INSERT INTO "facilities_history" (valid_from_load, live_fid, "geom", "facility_id", "name", "kind", "level", "exhibition_area_m2", "floor_area_m2", "outdoor_area_m2", "gallery_length_m", "shared_use", "shared_use_ratio", "open_to_public", "opened_on", "closed_on", "status", "district_run", "audiences", "department", "address", "township_code", "village_code", "contact", "position_source", "verification", "valid_from", "demonstration", "note", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "facility_id", "name", "kind", "level", "exhibition_area_m2", "floor_area_m2", "outdoor_area_m2", "gallery_length_m", "shared_use", "shared_use_ratio", "open_to_public", "opened_on", "closed_on", "status", "district_run", "audiences", "department", "address", "township_code", "village_code", "contact", "position_source", "verification", "valid_from", "demonstration", "note", "source_file", "source_sheet", "source_row" FROM "facilities" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_facilities_history_update" AFTER UPDATE ON "facilities" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "facilities_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "facilities_history" (valid_from_load, live_fid, "geom", "facility_id", "name", "kind", "level", "exhibition_area_m2", "floor_area_m2", "outdoor_area_m2", "gallery_length_m", "shared_use", "shared_use_ratio", "open_to_public", "opened_on", "closed_on", "status", "district_run", "audiences", "department", "address", "township_code", "village_code", "contact", "position_source", "verification", "valid_from", "demonstration", "note", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "geom", "facility_id", "name", "kind", "level", "exhibition_area_m2", "floor_area_m2", "outdoor_area_m2", "gallery_length_m", "shared_use", "shared_use_ratio", "open_to_public", "opened_on", "closed_on", "status", "district_run", "audiences", "department", "address", "township_code", "village_code", "contact", "position_source", "verification", "valid_from", "demonstration", "note", "source_file", "source_sheet", "source_row" FROM "facilities" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_facilities_history_delete" AFTER DELETE ON "facilities" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "facilities_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_population_insert" AFTER INSERT ON "population" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_population_update" AFTER UPDATE ON "population" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_population_delete" AFTER DELETE ON "population" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_population_history_insert" AFTER INSERT ON "population" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "population_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid); INSERT INTO "population_history" (valid_from_load, live_fid, "division_code", "name_zh", "population_kind", "year", "population", "urban_population", "rural_population", "population_0_14", "population_15_59", "population_60_plus", "quality", "basis", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "division_code", "name_zh", "population_kind", "year", "population", "urban_population", "rural_population", "population_0_14", "population_15_59", "population_60_plus", "quality", "basis", "source_id", "source_file", "source_sheet", "source_row" FROM "population" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_population_history_update" AFTER UPDATE ON "population" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "population_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "population_history" (valid_from_load, live_fid, "division_code", "name_zh", "population_kind", "year", "population", "urban_population", "rural_population", "population_0_14", "population_15_59", "population_60_plus", "quality", "basis", "source_id", "source_file", "source_sheet", "source_row") SELECT (SELECT max(fid) FROM loads), fid, "division_code", "name_zh", "population_kind", "year", "population", "urban_population", "rural_population", "population_0_14", "population_15_59", "population_60_plus", "quality", "basis", "source_id", "source_file", "source_sheet", "source_row" FROM "population" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_population_history_delete" AFTER DELETE ON "population" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "population_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
CREATE TRIGGER "kepu_sources_insert" AFTER INSERT ON "sources" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_sources_update" AFTER UPDATE ON "sources" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_sources_delete" AFTER DELETE ON "sources" BEGIN UPDATE meta SET version = version + 1; END;
CREATE TRIGGER "kepu_sources_history_insert" AFTER INSERT ON "sources" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "sources_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND (live_fid = NEW.fid OR "source_id" = NEW."source_id"); INSERT INTO "sources_history" (valid_from_load, live_fid, "source_id", "title_zh", "title_en", "publisher", "published_on", "licence", "original_datum", "quality", "map_approval_number", "sha256") SELECT (SELECT max(fid) FROM loads), fid, "source_id", "title_zh", "title_en", "publisher", "published_on", "licence", "original_datum", "quality", "map_approval_number", "sha256" FROM "sources" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_sources_history_update" AFTER UPDATE ON "sources" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "sources_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid IN (OLD.fid, NEW.fid); INSERT INTO "sources_history" (valid_from_load, live_fid, "source_id", "title_zh", "title_en", "publisher", "published_on", "licence", "original_datum", "quality", "map_approval_number", "sha256") SELECT (SELECT max(fid) FROM loads), fid, "source_id", "title_zh", "title_en", "publisher", "published_on", "licence", "original_datum", "quality", "map_approval_number", "sha256" FROM "sources" WHERE fid = NEW.fid; END;
CREATE TRIGGER "kepu_sources_history_delete" AFTER DELETE ON "sources" BEGIN UPDATE loads SET loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now'), row_count = row_count + 1 WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at BETWEEN strftime('%Y-%m-%dT%H:%M:%fZ','now','-60 seconds') AND strftime('%Y-%m-%dT%H:%M:%fZ','now'); INSERT INTO loads (loaded_at, file_name, sha256, what, row_count) SELECT strftime('%Y-%m-%dT%H:%M:%fZ','now'), '', '', 'edit', 1 WHERE NOT EXISTS (SELECT 1 FROM loads WHERE fid = (SELECT max(fid) FROM loads) AND what = 'edit' AND loaded_at = strftime('%Y-%m-%dT%H:%M:%fZ','now')); UPDATE "sources_history" SET valid_to_load = (SELECT max(fid) FROM loads) WHERE valid_to_load IS NULL AND live_fid = OLD.fid; END;
