/* Written from gateway/api/openapi.json by `npm run generate`. */

export interface paths {
    "/api/v1/boxes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every box */
        get: operations["list_boxes_api_v1_boxes_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events
         * @description `warning` (data: WarningView), `box` (data: BoxView), `resync` (fetch everything anew), `beat` (data: Beat) at once and every 5 s. Each bears an id, by which `Last-Event-ID` replays what was missed.
         */
        get: operations["stream_api_v1_events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/evidence/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One file of evidence */
        get: operations["show_evidence_api_v1_evidence__sha256__get"];
        /** A box stores one file */
        put: operations["store_evidence_api_v1_evidence__sha256__put"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who am I */
        get: operations["who_am_i_api_v1_session_get"];
        put?: never;
        /** Log in */
        post: operations["log_in_api_v1_session_post"];
        /** Log out */
        delete: operations["log_out_api_v1_session_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warnings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Warnings, most urgent first */
        get: operations["list_warnings_api_v1_warnings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warnings/{warning_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One warning with what supports it */
        get: operations["show_warning_api_v1_warnings__warning_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/warnings/{warning_id}/acknowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say: seen */
        post: operations["acknowledge_warning_api_v1_warnings__warning_id__acknowledge_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does every part work */
        get: operations["health_healthz_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** For Prometheus */
        get: operations["metrics_metrics_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Acknowledged */
        Acknowledged: {
            /** At */
            at: string;
            /** By */
            by: string;
            /** Comment */
            comment: string;
        };
        /** Acknowledgement */
        Acknowledgement: {
            /**
             * Comment
             * @default
             */
            comment: string;
            /** Version */
            version: number;
        };
        /**
         * Alert
         * @description One offence that one box saw; later revisions carry the same ``alert_id``.
         */
        Alert: {
            /**
             * Alert Id
             * Format: uuid
             */
            alert_id: string;
            /**
             * Boot Id
             * Format: uuid
             */
            boot_id: string;
            /** Camera Id */
            camera_id: string;
            /** Captured At */
            captured_at: string;
            /** Confidence */
            confidence: number;
            /** Device */
            device: string;
            /** District */
            district: string;
            evidence: components["schemas"]["Evidence"];
            /** Facts */
            facts: components["schemas"]["DumpingFacts"] | components["schemas"]["ChargingFacts"] | components["schemas"]["ConstructionFacts"];
            /**
             * Footage
             * @default camera
             * @enum {string}
             */
            footage: "camera" | "recording" | "composed";
            model?: components["schemas"]["Model"] | null;
            /**
             * Phase
             * @default opened
             * @enum {string}
             */
            phase: "opened" | "updated" | "closed";
            /**
             * Reasons
             * @default []
             */
            reasons: components["schemas"]["Sentence"][];
            region: components["schemas"]["Region"];
            /**
             * Revision
             * @default 0
             */
            revision: number;
            /**
             * Scenario
             * @enum {string}
             */
            scenario: "charging" | "dumping" | "construction";
            /**
             * Schema Version
             * @default 1
             * @constant
             */
            schema_version: 1;
            /** Sequence */
            sequence: number;
            site: components["schemas"]["Site"];
            /** Software */
            software: string;
            /** Urgency */
            urgency: number;
        };
        /** BoxList */
        BoxList: {
            /** Items */
            items: components["schemas"]["BoxView"][];
        };
        /** BoxView */
        BoxView: {
            /** Cameras */
            cameras: components["schemas"]["CameraView"][];
            /** Device */
            device: string;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Online */
            online: boolean;
            /** Queued */
            queued: number;
            /** Software */
            software: string;
        };
        /** CameraView */
        CameraView: {
            /** Camera Id */
            camera_id: string;
            /** Frames Per S */
            frames_per_s: number;
            /** Silent S */
            silent_s: number;
            /** Site Id */
            site_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "live" | "silent" | "ended";
        };
        /**
         * ChargingFacts
         * @description A cable from the building to what stands below and charges.
         */
        ChargingFacts: {
            /** Area Px */
            area_px: number;
            /** Area Share */
            area_share: number;
            /** Bikes */
            bikes: number;
            /** Cable M */
            cable_m?: number | null;
            /** Cable Px */
            cable_px: number;
            /** Lower Xy */
            lower_xy: [
                number,
                number
            ];
            /** Night */
            night: boolean;
            /** Seen S */
            seen_s: number;
            /**
             * Stairwell
             * @default false
             */
            stairwell: boolean;
            /** Stand Limit S */
            stand_limit_s: number;
            /** Stood S */
            stood_s: number;
            /** Upper Xy */
            upper_xy: [
                number,
                number
            ];
            /** Vehicle */
            vehicle: string;
        };
        /**
         * ConstructionFacts
         * @description Growth against the agreed baseline that lasts.
         */
        ConstructionFacts: {
            /** Area M2 */
            area_m2?: number | null;
            /** Area Px */
            area_px: number;
            /** Area Share */
            area_share: number;
            /** Baseline At */
            baseline_at: string;
            /** Grown */
            grown: number;
            /** Height M */
            height_m?: number | null;
            /** Looks */
            looks: number;
            /** Looks Limit */
            looks_limit: number;
            /** Night */
            night: boolean;
            /**
             * Parcel
             * @default
             */
            parcel: string;
            /** Since */
            since: string;
            /** Span H */
            span_h: number;
            /** Span Limit H */
            span_limit_h: number;
            /**
             * Stage
             * @enum {string}
             */
            stage: "material" | "frame" | "roof";
        };
        /**
         * DumpingFacts
         * @description Contact, departure and stay: each must hold, and each is shown to the operator.
         */
        DumpingFacts: {
            /** Area M2 */
            area_m2?: number | null;
            /** Area Px */
            area_px: number;
            /** Area Share */
            area_share: number;
            /**
             * Border
             * @default false
             */
            border: boolean;
            /**
             * Builders Waste
             * @default false
             */
            builders_waste: boolean;
            /** Carrier */
            carrier: string;
            /** Carrier Track */
            carrier_track: number;
            /**
             * Closed Point
             * @default
             */
            closed_point: string;
            /** Contact At */
            contact_at: string;
            /** Departed At */
            departed_at: string;
            /**
             * Earlier
             * @default 0
             */
            earlier: number;
            /**
             * Load
             * @default item
             * @enum {string}
             */
            load: "item" | "heap" | "truckload";
            /** Night */
            night: boolean;
            /** Stay Limit S */
            stay_limit_s: number;
            /** Stayed S */
            stayed_s: number;
        };
        /**
         * Evidence
         * @description What the box holds to support the alert; stored before the alert is filed.
         */
        Evidence: {
            /**
             * Items
             * @default []
             */
            items: components["schemas"]["EvidenceItem"][];
            /**
             * Reason
             * @default
             */
            reason: string;
            /**
             * State
             * @enum {string}
             */
            state: "stored" | "unavailable";
        };
        /**
         * EvidenceItem
         * @description One file of evidence, named by its hash.
         */
        EvidenceItem: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "snapshot" | "before" | "clip";
            /**
             * Media Type
             * @enum {string}
             */
            media_type: "image/jpeg" | "video/mp4";
            /** Sha256 */
            sha256: string;
            /** Size Bytes */
            size_bytes: number;
        };
        /** EvidenceView */
        EvidenceView: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "snapshot" | "before" | "clip";
            /** Media Type */
            media_type: string;
            /** Sha256 */
            sha256: string;
            /** Url */
            url: string;
        };
        /**
         * Health
         * @description Whether each part works; the status is 503 where one does not.
         */
        Health: {
            /** Ok */
            ok: boolean;
            /** Parts */
            parts: {
                [key: string]: string;
            };
        };
        /**
         * HistoryView
         * @description One thing that happened to a warning.
         */
        HistoryView: {
            /** At */
            at: string;
            /** By */
            by: string | null;
            /**
             * Color
             * @enum {string}
             */
            color: "blue" | "yellow" | "red";
            /** Comment */
            comment: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "raised" | "recurred" | "rose" | "overdue" | "acknowledged" | "expired" | "cleared" | "closed";
            /** Reasons */
            reasons: components["schemas"]["Reason"][];
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /** Login */
        Login: {
            /** Password */
            password: string;
            /** Username */
            username: string;
        };
        /**
         * Model
         * @description The detector that looked.
         */
        Model: {
            /** Name */
            name: string;
            /** Sha256 */
            sha256: string;
        };
        /**
         * Position
         * @description WGS-84, degrees.
         */
        Position: {
            /** Latitude Deg */
            latitude_deg: number;
            /** Longitude Deg */
            longitude_deg: number;
        };
        /**
         * Problem
         * @description RFC 9457; ``detail`` is one sentence for a person.
         */
        Problem: {
            /** Detail */
            detail: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
        };
        /**
         * Reason
         * @description One fact that led to the color, in words, its numbers filled in.
         */
        Reason: {
            /** Code */
            code: string;
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /**
         * Region
         * @description The thing itself in the picture.
         */
        Region: {
            /** Frame Wh */
            frame_wh: [
                number,
                number
            ];
            /** Xyxy */
            xyxy: [
                number,
                number,
                number,
                number
            ];
        };
        /**
         * Sentence
         * @description One reason as people read it, in both languages.
         */
        Sentence: {
            /** En */
            en: string;
            /** Zh */
            zh: string;
        };
        /** SessionView */
        SessionView: {
            /** Csrf Token */
            csrf_token: string;
            user: components["schemas"]["UserView"];
        };
        /**
         * Site
         * @description Where it happened. The box knows its sites from its configuration.
         */
        Site: {
            /**
             * Address
             * @default
             */
            address: string;
            /** Name */
            name: string;
            position?: components["schemas"]["Position"] | null;
            /** Site Id */
            site_id: string;
        };
        /**
         * StaleProblem
         * @description Somebody or something was faster; here is what stands now.
         */
        StaleProblem: {
            /** Detail */
            detail: string;
            /** Status */
            status: number;
            /** Title */
            title: string;
            warning: components["schemas"]["WarningView"];
        };
        /** UserView */
        UserView: {
            /** Name */
            name: string;
            /** Username */
            username: string;
        };
        /** ValidationError */
        ValidationError: {
            /** Context */
            ctx?: Record<string, never>;
            /** Input */
            input?: unknown;
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
        };
        /**
         * WarningDetail
         * @description A warning with what supports it; the newest 50 alerts, newest first.
         */
        WarningDetail: {
            acknowledged: components["schemas"]["Acknowledged"] | null;
            /** Alert Count */
            alert_count: number;
            /** Alerts */
            alerts: components["schemas"]["Alert"][];
            /**
             * Color
             * @enum {string}
             */
            color: "blue" | "yellow" | "red";
            /** Due At */
            due_at: string | null;
            /** Evidence */
            evidence: components["schemas"]["EvidenceView"][];
            /** Evidence Pending */
            evidence_pending: number;
            /**
             * Footage
             * @enum {string}
             */
            footage: "camera" | "recording" | "composed";
            /** History */
            history: components["schemas"]["HistoryView"][];
            /** Id */
            id: number;
            /** Late */
            late: boolean;
            /** Raised At */
            raised_at: string;
            /** Reasons */
            reasons: components["schemas"]["Reason"][];
            /**
             * Scenario
             * @enum {string}
             */
            scenario: "charging" | "dumping" | "construction";
            site: components["schemas"]["Site"];
            /** Snapshot */
            snapshot: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "unacknowledged" | "acknowledged" | "closed";
            /** Updated At */
            updated_at: string;
            /** Version */
            version: number;
        };
        /** WarningPage */
        WarningPage: {
            /** Items */
            items: components["schemas"]["WarningView"][];
            /** Next */
            next: string | null;
        };
        /**
         * WarningView
         * @description One open or closed warning, as it stands in a list.
         */
        WarningView: {
            acknowledged: components["schemas"]["Acknowledged"] | null;
            /** Alert Count */
            alert_count: number;
            /**
             * Color
             * @enum {string}
             */
            color: "blue" | "yellow" | "red";
            /** Due At */
            due_at: string | null;
            /**
             * Footage
             * @enum {string}
             */
            footage: "camera" | "recording" | "composed";
            /** Id */
            id: number;
            /** Late */
            late: boolean;
            /** Raised At */
            raised_at: string;
            /** Reasons */
            reasons: components["schemas"]["Reason"][];
            /**
             * Scenario
             * @enum {string}
             */
            scenario: "charging" | "dumping" | "construction";
            site: components["schemas"]["Site"];
            /** Snapshot */
            snapshot: string | null;
            /**
             * State
             * @enum {string}
             */
            state: "unacknowledged" | "acknowledged" | "closed";
            /** Updated At */
            updated_at: string;
            /** Version */
            version: number;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_boxes_api_v1_boxes_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoxList"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    stream_api_v1_events_get: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: number | null;
            };
            path?: never;
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_evidence_api_v1_evidence__sha256__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    store_evidence_api_v1_evidence__sha256__put: {
        parameters: {
            query?: never;
            header?: {
                authorization?: string;
                "content-type"?: string;
            };
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It was there already */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Insufficient Storage */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    who_am_i_api_v1_session_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    log_in_api_v1_session_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
        };
    };
    log_out_api_v1_session_delete: {
        parameters: {
            query?: never;
            header?: {
                "x-csrf-token"?: string;
            };
            path?: never;
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    list_warnings_api_v1_warnings_get: {
        parameters: {
            query?: {
                after?: string | null;
                limit?: number;
                state?: "open" | "closed" | "all";
            };
            header?: never;
            path?: never;
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WarningPage"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    show_warning_api_v1_warnings__warning_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                warning_id: number;
            };
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WarningDetail"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    acknowledge_warning_api_v1_warnings__warning_id__acknowledge_post: {
        parameters: {
            query?: never;
            header?: {
                "x-csrf-token"?: string;
            };
            path: {
                warning_id: number;
            };
            cookie?: {
                sanse_session?: string | null;
            };
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Acknowledgement"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WarningView"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StaleProblem"];
                };
            };
            /** @description Validation Error */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HTTPValidationError"];
                };
            };
        };
    };
    health_healthz_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    metrics_metrics_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
