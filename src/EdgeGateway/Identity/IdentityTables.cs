using EdgeGateway.Storage;

namespace EdgeGateway.Identity;

/// <summary>Identity's tables. Times are Unix milliseconds.</summary>
internal static class IdentityTables
{
    public static MigrationSet Migrations { get; } = new("identity",
    [
        """
        CREATE TABLE identity_certificate (
            id TEXT PRIMARY KEY,                    -- hex SHA-256 of the DER
            pem TEXT NOT NULL,
            status TEXT NOT NULL,                   -- as on the wire: ACTIVE, INACTIVE, ...
            ca_id TEXT,                             -- registered or local CA that signed it; NULL without CA
            mode TEXT NOT NULL,                     -- DEFAULT or SNI_ONLY
            not_before INTEGER NOT NULL,
            not_after INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            version INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;
        CREATE INDEX identity_certificate_ca ON identity_certificate (ca_id);
        CREATE TABLE identity_ca (
            id TEXT PRIMARY KEY,
            pem TEXT NOT NULL,
            subject BLOB NOT NULL,                  -- DER of the subject name, to find issuers by; several CAs may share it
            status TEXT NOT NULL,                   -- ACTIVE or INACTIVE
            auto_registration INTEGER NOT NULL,
            mode TEXT NOT NULL,
            template_name TEXT,
            template_body TEXT,
            role_arn TEXT,
            not_before INTEGER NOT NULL,
            not_after INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            version INTEGER NOT NULL DEFAULT 1
        ) WITHOUT ROWID;
        CREATE INDEX identity_ca_subject ON identity_ca (subject);
        CREATE TABLE identity_policy (
            name TEXT PRIMARY KEY,
            default_version INTEGER NOT NULL,
            next_version INTEGER NOT NULL,          -- version ids are never used again
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL,
            generation TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_policy_version (
            policy TEXT NOT NULL REFERENCES identity_policy (name) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            document TEXT NOT NULL,                 -- byte for byte as given
            created INTEGER NOT NULL,
            PRIMARY KEY (policy, version)
        ) WITHOUT ROWID;
        CREATE TABLE identity_attachment (
            target TEXT NOT NULL,                   -- ARN of a certificate, user or thing group
            policy TEXT NOT NULL REFERENCES identity_policy (name),
            attached INTEGER NOT NULL,
            PRIMARY KEY (target, policy)
        ) WITHOUT ROWID;
        CREATE INDEX identity_attachment_policy ON identity_attachment (policy);
        CREATE TABLE identity_credential (
            user_name TEXT PRIMARY KEY,
            hash BLOB NOT NULL,
            salt BLOB NOT NULL,
            iterations INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_person (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL,                     -- administrator, operator, viewer
            hash BLOB NOT NULL,
            salt BLOB NOT NULL,
            iterations INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_access_key (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            role TEXT NOT NULL,
            secret BLOB NOT NULL,                   -- encrypted with the machine key
            created INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_setting (
            key TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_audit (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT
        );
        CREATE TRIGGER identity_audit_kept BEFORE DELETE ON identity_audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER identity_audit_fixed BEFORE UPDATE ON identity_audit BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
        CREATE TABLE identity_template (
            name TEXT PRIMARY KEY,
            description TEXT,
            type TEXT NOT NULL,                     -- FLEET_PROVISIONING or JITP
            enabled INTEGER NOT NULL,
            role_arn TEXT,
            hook TEXT,                              -- JSON of preProvisioningHook
            default_version INTEGER NOT NULL,
            next_version INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_template_version (
            template TEXT NOT NULL REFERENCES identity_template (name) ON DELETE CASCADE,
            version INTEGER NOT NULL,
            body TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY (template, version)
        ) WITHOUT ROWID;
        CREATE TABLE identity_ownership (
            token_hash BLOB PRIMARY KEY,            -- SHA-256 of the token: the token itself is shown once
            certificate TEXT NOT NULL,
            principal TEXT NOT NULL,                -- who asked for the certificate
            expires INTEGER NOT NULL,
            used TEXT                               -- template and parameters it was used with; NULL while unused
        ) WITHOUT ROWID;
        CREATE INDEX identity_ownership_expires ON identity_ownership (expires);
        """,
        """
        CREATE TABLE identity_authorizer (
            name TEXT PRIMARY KEY,
            function_arn TEXT NOT NULL,             -- its last part is a key of identity.functions
            token_key_name TEXT,
            signing_keys TEXT NOT NULL,             -- JSON: id to PEM
            active INTEGER NOT NULL,
            signing_disabled INTEGER NOT NULL,
            caches_for_http INTEGER NOT NULL,
            created INTEGER NOT NULL,
            modified INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE identity_claim (
            id TEXT PRIMARY KEY,                    -- hex SHA-256 of the claim certificate's DER
            template TEXT NOT NULL,
            expires INTEGER NOT NULL
        ) WITHOUT ROWID;
        """,
        """
        CREATE TABLE identity_scram (               -- SCRAM-SHA-256 of the users in identity_credential (RFC 5802)
            user_name TEXT PRIMARY KEY,
            salt BLOB NOT NULL,
            iterations INTEGER NOT NULL,
            stored_key BLOB NOT NULL,
            server_key BLOB NOT NULL
        ) WITHOUT ROWID;
        """,
    ]);
}
