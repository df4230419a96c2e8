using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Registry;

/// <summary>The tables of the registry. Each method is one statement, run on the storage writer inside its transaction.</summary>
internal static class RegistryStore
{
    public static MigrationSet Migrations { get; } = new("registry",
    [
        """
        CREATE TABLE registry_state (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL, sequence INTEGER NOT NULL);
        INSERT INTO registry_state (one, revision, sequence) VALUES (1, 0, 0);
        CREATE TABLE thing (
            name TEXT PRIMARY KEY, id TEXT NOT NULL, type TEXT, attributes TEXT NOT NULL, version INTEGER NOT NULL, billing_group TEXT) WITHOUT ROWID;
        CREATE TABLE thing_type (
            name TEXT PRIMARY KEY, id TEXT NOT NULL, description TEXT, searchable TEXT NOT NULL, propagating TEXT,
            created_at INTEGER NOT NULL, deprecated_at INTEGER) WITHOUT ROWID;
        CREATE TABLE thing_group (
            name TEXT PRIMARY KEY, id TEXT NOT NULL, parent TEXT, description TEXT, attributes TEXT NOT NULL,
            version INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE billing_group (
            name TEXT PRIMARY KEY, id TEXT NOT NULL, description TEXT, version INTEGER NOT NULL, created_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE thing_group_member (thing TEXT NOT NULL, thing_group TEXT NOT NULL, PRIMARY KEY (thing, thing_group)) WITHOUT ROWID;
        CREATE TABLE thing_principal (
            thing TEXT NOT NULL, principal TEXT NOT NULL, exclusive INTEGER NOT NULL, PRIMARY KEY (thing, principal)) WITHOUT ROWID;
        CREATE TABLE resource_tag (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
        CREATE TABLE event_category (category TEXT PRIMARY KEY, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, enabled INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE registry_change (
            sequence INTEGER PRIMARY KEY, event_id TEXT NOT NULL, time INTEGER NOT NULL, kind INTEGER NOT NULL,
            name TEXT NOT NULL, other TEXT, detail BLOB NOT NULL);
        CREATE TABLE registry_consumer (name TEXT PRIMARY KEY, position INTEGER NOT NULL, seen_at INTEGER NOT NULL) WITHOUT ROWID;
        """,
        """
        ALTER TABLE thing_group ADD COLUMN query_index TEXT;
        ALTER TABLE thing_group ADD COLUMN query TEXT;
        ALTER TABLE thing_group ADD COLUMN query_version TEXT;
        """,
    ]);

    public static RegistrySnapshot Load(SqliteConnection connection)
    {
        var things = connection.Query("SELECT name, id, type, attributes, version, billing_group FROM thing ORDER BY name", static row =>
            new Thing(row.GetString(0), row.GetString(1), row.TextOrNull(2), ReadAttributes(row.GetString(3)), row.GetInt64(4), row.TextOrNull(5)));
        var groups = connection.Query("SELECT name, id, parent, description, attributes, version, created_at, query_index, query, query_version FROM thing_group ORDER BY name", static row =>
            new ThingGroup(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.TextOrNull(3), ReadAttributes(row.GetString(4)), row.GetInt64(5), row.GetInt64(6),
                row.IsDBNull(8) ? null : new DynamicQuery(row.GetString(7), row.GetString(8), row.GetString(9))));
        var attachments = connection.Query("SELECT thing, principal, exclusive FROM thing_principal", static row => (Thing: row.GetString(0), Principal: row.GetString(1), Exclusive: row.GetBoolean(2)));
        return new()
        {
            Revision = Revision(connection),
            Sequence = Sequence(connection),
            Things = NameIndex<Thing>.Of(things),
            Types = NameIndex<ThingType>.Of(connection.Query("SELECT name, id, description, searchable, propagating, created_at, deprecated_at FROM thing_type", ReadType)),
            Groups = NameIndex<ThingGroup>.Of(groups),
            BillingGroups = NameIndex<BillingGroup>.Of(connection.Query("SELECT name, id, description, version, created_at FROM billing_group", static row =>
                new BillingGroup(row.GetString(0), row.GetString(1), row.TextOrNull(2), row.GetInt64(3), row.GetInt64(4)))),
            Memberships = Pairs(connection.Query("SELECT thing, thing_group FROM thing_group_member", static row => (row.GetString(0), row.GetString(1)))),
            Hierarchy = Pairs(groups.Where(static group => group.ParentName is not null).Select(static group => (group.ParentName!, group.Name))),
            Principals = Pairs(attachments.Select(static row => (row.Thing, row.Principal))),
            TypeUses = Pairs(things.Where(static thing => thing.TypeName is not null).Select(static thing => (thing.Name, thing.TypeName!))),
            BillingMemberships = Pairs(things.Where(static thing => thing.BillingGroupName is not null).Select(static thing => (thing.Name, thing.BillingGroupName!))),
            Exclusive = attachments.Where(static row => row.Exclusive).ToImmutableDictionary(static row => row.Principal, static row => row.Thing, StringComparer.Ordinal),
            Tags = connection.Query("SELECT arn, key, value FROM resource_tag", static row => (Arn: row.GetString(0), Key: row.GetString(1), Value: row.GetString(2)))
                .GroupBy(static row => row.Arn)
                .ToImmutableDictionary(static rows => rows.Key, static rows => rows.ToImmutableSortedDictionary(static row => row.Key, static row => row.Value, StringComparer.Ordinal), StringComparer.Ordinal),
            Events = ReadSwitches(connection),
        };
    }

    public static long Sequence(SqliteConnection connection) => connection.Query("SELECT sequence FROM registry_state", static row => row.GetInt64(0)).Single();

    public static long Revision(SqliteConnection connection) => connection.Query("SELECT revision FROM registry_state", static row => row.GetInt64(0)).Single();

    public static void PutRevision(SqliteConnection connection, long revision, long sequence) =>
        connection.Run("UPDATE registry_state SET revision = $0, sequence = $1", revision, sequence);

    public static void PutThing(SqliteConnection connection, Thing thing) => connection.Run("INSERT OR REPLACE INTO thing (name, id, type, attributes, version, billing_group) VALUES ($0, $1, $2, $3, $4, $5)",
        thing.Name, thing.Id, thing.TypeName, WriteAttributes(thing.Attributes), thing.Version, thing.BillingGroupName);

    public static void PutType(SqliteConnection connection, ThingType type) => connection.Run("INSERT OR REPLACE INTO thing_type (name, id, description, searchable, propagating, created_at, deprecated_at) VALUES ($0, $1, $2, $3, $4, $5, $6)",
        type.Name, type.Id, type.Properties.Description, RegistryJson.Names(type.Properties.SearchableAttributes),
        type.Properties.PropagatingAttributes is { } attributes ? RegistryJson.Propagating(attributes) : null, type.CreatedAt, type.DeprecatedAt);

    public static void PutGroup(SqliteConnection connection, ThingGroup group) => connection.Run("""
        INSERT OR REPLACE INTO thing_group (name, id, parent, description, attributes, version, created_at, query_index, query, query_version)
        VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        group.Name, group.Id, group.ParentName, group.Description, WriteAttributes(group.Attributes), group.Version, group.CreatedAt,
        group.Query?.IndexName, group.Query?.QueryString, group.Query?.QueryVersion);

    public static void PutBillingGroup(SqliteConnection connection, BillingGroup group) => connection.Run("INSERT OR REPLACE INTO billing_group (name, id, description, version, created_at) VALUES ($0, $1, $2, $3, $4)",
        group.Name, group.Id, group.Description, group.Version, group.CreatedAt);

    public static void DeleteThing(SqliteConnection connection, string name) => connection.Run("DELETE FROM thing WHERE name = $0", name);

    public static void DeleteType(SqliteConnection connection, string name) => connection.Run("DELETE FROM thing_type WHERE name = $0", name);

    public static void DeleteGroup(SqliteConnection connection, string name) => connection.Run("DELETE FROM thing_group WHERE name = $0", name);

    public static void DeleteBillingGroup(SqliteConnection connection, string name) => connection.Run("DELETE FROM billing_group WHERE name = $0", name);

    public static void AddMember(SqliteConnection connection, string thing, string group) =>
        connection.Run("INSERT INTO thing_group_member (thing, thing_group) VALUES ($0, $1)", thing, group);

    public static void RemoveMember(SqliteConnection connection, string thing, string group) =>
        connection.Run("DELETE FROM thing_group_member WHERE thing = $0 AND thing_group = $1", thing, group);

    public static void PutPrincipal(SqliteConnection connection, string thing, string principal, bool exclusive) =>
        connection.Run("INSERT OR REPLACE INTO thing_principal (thing, principal, exclusive) VALUES ($0, $1, $2)", thing, principal, exclusive ? 1 : 0);

    public static void DeletePrincipal(SqliteConnection connection, string thing, string principal) =>
        connection.Run("DELETE FROM thing_principal WHERE thing = $0 AND principal = $1", thing, principal);

    public static void PutTag(SqliteConnection connection, string arn, string key, string value) =>
        connection.Run("INSERT OR REPLACE INTO resource_tag (arn, key, value) VALUES ($0, $1, $2)", arn, key, value);

    public static void DeleteTag(SqliteConnection connection, string arn, string key) =>
        connection.Run("DELETE FROM resource_tag WHERE arn = $0 AND key = $1", arn, key);

    public static void PutSwitches(SqliteConnection connection, EventSwitches switches)
    {
        foreach (var category in EventSwitches.Categories)
            connection.Run("INSERT OR REPLACE INTO event_category (category, created_at, modified_at, enabled) VALUES ($0, $1, $2, $3)",
                category, switches.CreatedAt, switches.ModifiedAt, switches.Enabled.Contains(category) ? 1 : 0);
    }

    public static void AppendChange(SqliteConnection connection, RegistryChange change) =>
        connection.Run("INSERT INTO registry_change (sequence, event_id, time, kind, name, other, detail) VALUES ($0, $1, $2, $3, $4, $5, $6)",
            change.Sequence, change.EventId, change.Time, (int)change.Kind, change.Name, change.Other, change.Detail.ToArray());

    public static List<RegistryChange> ChangesAfter(SqliteConnection connection, long position, int atMost) => connection.Query("SELECT sequence, event_id, time, kind, name, other, detail FROM registry_change WHERE sequence > $0 ORDER BY sequence LIMIT $1",
        static row => new RegistryChange(row.GetInt64(0), row.GetString(1), row.GetInt64(2), (RegistryChangeKind)row.GetInt32(3), row.GetString(4), row.TextOrNull(5), row.GetFieldValue<byte[]>(6)),
        position, atMost);

    /// <summary>Null for a consumer without a place.</summary>
    public static long? Position(SqliteConnection connection, string consumer) =>
        connection.Query("SELECT position FROM registry_consumer WHERE name = $0", static row => (long?)row.GetInt64(0), consumer).SingleOrDefault();

    public static void PutPosition(SqliteConnection connection, string consumer, long position, long now) =>
        connection.Run("INSERT OR REPLACE INTO registry_consumer (name, position, seen_at) VALUES ($0, $1, $2)", consumer, position, now);

    /// <summary>Gives up places not used since then.</summary>
    public static void DeleteConsumersBefore(SqliteConnection connection, long seenAt) =>
        connection.Run("DELETE FROM registry_consumer WHERE seen_at < $0", seenAt);

    /// <summary>Drops the changes every consumer has had.</summary>
    public static void Prune(SqliteConnection connection) =>
        connection.Run("DELETE FROM registry_change WHERE sequence <= (SELECT min(position) FROM registry_consumer)");

    private static EventSwitches ReadSwitches(SqliteConnection connection)
    {
        var rows = connection.Query("SELECT category, created_at, modified_at, enabled FROM event_category", static row =>
            (Category: row.GetString(0), Created: row.GetInt64(1), Modified: row.GetInt64(2), Enabled: row.GetBoolean(3)));
        return rows.Count == 0
            ? EventSwitches.Default
            : new(rows.Where(static row => row.Enabled).Select(static row => row.Category).ToHashSet(StringComparer.Ordinal), rows[0].Created, rows[0].Modified);
    }

    private static ThingType ReadType(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1),
        new(row.TextOrNull(2), RegistryJson.ReadNames(row.GetString(3)), row.TextOrNull(4) is { } propagating ? RegistryJson.ReadPropagating(propagating) : null),
        row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6));

    private static Relation Pairs(IEnumerable<(string Left, string Right)> pairs) =>
        pairs.Aggregate(Relation.Empty, static (relation, pair) => relation.With(pair.Left, pair.Right));

    private static AttributeMap ReadAttributes(string json)
    {
        using var document = JsonDocument.Parse(json);
        return AttributeMap.Of(document.RootElement.EnumerateObject().Select(static member => KeyValuePair.Create(member.Name, member.Value.GetString()!)));
    }

    private static string WriteAttributes(IReadOnlyDictionary<string, string> attributes) =>
        RegistryJson.Text(writer => RegistryJson.WriteAttributes(writer, attributes));
}
