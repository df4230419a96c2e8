using System.Collections.Immutable;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Storage;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Identity;

/// <summary>Holds the snapshot and replaces it after a commit by reading again what was touched, so that it never shows a change that is not on disk.</summary>
internal sealed class IdentityState
{
    private const string CertificateColumns = "id, status, ca_id, mode, not_before, not_after, created, modified, version";
    private readonly Database _database;
    private readonly Lock _swap = new();                             // guards read-then-swap, so that a later commit is never overwritten by an earlier one
    private volatile IdentitySnapshot _snapshot;
    private long _epoch;

    public IdentityState(Database database)
    {
        _database = database;
        _snapshot = database.Read(Load);
    }

    public IdentitySnapshot Snapshot => _snapshot;

    /// <summary>Counts everything that can change a decision.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    public event Action? Changed;

    public event Action<string>? CertificateClosed;

    public void CertificateTouched(string id)
    {
        Certificate? now;
        lock (_swap)
        {
            now = _database.Read(connection => ReadCertificates(connection, "WHERE id = $id", ("$id", id))).SingleOrDefault();
            var certificates = now is null ? _snapshot.Certificates.Remove(id) : _snapshot.Certificates.SetItem(id, now);
            _snapshot = _snapshot with { Certificates = certificates };
        }
        NoteChange();
        if (now is not { Status: CertificateStatus.Active })
            CertificateClosed?.Invoke(id);
    }

    public void PolicyTouched(string name)
    {
        lock (_swap)
        {
            var now = _database.Read(connection => ReadPolicies(connection, "WHERE p.name = $name", ("$name", name))).SingleOrDefault();
            _snapshot = _snapshot with { Policies = now is null ? _snapshot.Policies.Remove(name) : _snapshot.Policies.SetItem(name, now) };
        }
        NoteChange();
    }

    public void TargetTouched(string target)
    {
        lock (_swap)
        {
            var names = _database.Read(connection => ReadAttachments(connection, "WHERE target = $target", ("$target", target))).Select(row => row.Policy).ToImmutableArray();
            _snapshot = _snapshot with { Attachments = names.IsEmpty ? _snapshot.Attachments.Remove(target) : _snapshot.Attachments.SetItem(target, names) };
        }
        NoteChange();
    }

    /// <summary>Something outside identity that policies speak of changed: a thing, a group.</summary>
    public void NoteChange()
    {
        Interlocked.Increment(ref _epoch);
        Changed?.Invoke();
    }

    private static IdentitySnapshot Load(SqliteConnection connection) => new(
        ReadCertificates(connection, "").ToImmutableDictionary(certificate => certificate.Id),
        ReadPolicies(connection, "").ToImmutableDictionary(policy => policy.Name),
        ReadAttachments(connection, "").GroupBy(row => row.Target).ToImmutableDictionary(group => group.Key, group => group.Select(row => row.Policy).ToImmutableArray()));

    private static List<Certificate> ReadCertificates(SqliteConnection connection, string where, params ReadOnlySpan<(string, object?)> parameters) =>
        connection.Query($"SELECT {CertificateColumns} FROM identity_certificate {where}", ToCertificate, parameters);

    private static Certificate ToCertificate(SqliteDataReader row) => new(
        row.GetString(0), CertificateStatuses.TryParse(row.GetString(1), out var status) ? status : throw new InvalidDataException($"identity_certificate: status {row.GetString(1)}"),
        row.Text(2), row.GetString(3), row.Time(4), row.Time(5), row.Time(6), row.Time(7), row.GetInt64(8));

    private static List<PolicyInForce> ReadPolicies(SqliteConnection connection, string where, params ReadOnlySpan<(string, object?)> parameters) =>
        connection.Query(
            $"SELECT p.name, v.version, v.document FROM identity_policy p JOIN identity_policy_version v ON v.policy = p.name AND v.version = p.default_version {where}",
            row => new PolicyInForce(row.GetString(0), row.GetInt64(1), PolicyDocument.Parse(row.GetString(2))), parameters);

    private static List<(string Target, string Policy)> ReadAttachments(SqliteConnection connection, string where, params ReadOnlySpan<(string, object?)> parameters) =>
        connection.Query($"SELECT target, policy FROM identity_attachment {where} ORDER BY attached, policy", row => (row.GetString(0), row.GetString(1)), parameters);
}
