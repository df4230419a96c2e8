using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;

namespace EdgeGateway.Sync.State;

/// <summary>
/// Makes one shadow alike on both sides (docs/sync.md). Every step may be repeated: what is given up is in the journal before anything is
/// written, each write carries the version it was made for, and the base moves last. A version conflict on either side starts over.
/// </summary>
internal sealed class ShadowReconciler(string upstreamName, string gatewayName, IShadows shadows, IShadowUpstream upstream, ISyncStore store, MergePolicy policy, TimeProvider time)
{
    private const int Accepted = 200, Conflict = 409, TooLarge = 413, TooMany = 429;

    private MessageOrigin Origin { get; } = new($"upstream:{upstreamName}");

    /// <summary>Tokens of this gateway begin so: its own echoes. A token has at most 64 bytes.</summary>
    public static string TokenPrefix(string gatewayName) =>
        gatewayName.Length <= 32 ? $"{gatewayName}:" : $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(gatewayName)).AsSpan(0, 16))}:";

    /// <param name="trustsBase">Nothing was heard of a change there since the base: ask only if the write is refused.</param>
    /// <returns>False: start over, after a pause.</returns>
    /// <exception cref="UpstreamLostException">Try again when connected.</exception>
    public async Task<bool> TryReconcileAsync(ShadowId shadow, SyncDirection direction, bool trustsBase, CancellationToken cancellationToken)
    {
        try
        {
            return await ReconcileAsync(shadow, direction, trustsBase, cancellationToken);
        }
        catch (ShadowParkedException ex)
        {
            return await ParkAsync(store.Find(shadow) ?? new SyncRecord(shadow), ex.Message);
        }
    }

    private async Task<bool> ReconcileAsync(ShadowId shadow, SyncDirection direction, bool trustsBase, CancellationToken cancellationToken)
    {
        var record = store.Find(shadow) ?? new SyncRecord(shadow);
        var local = Local(shadow);
        if (trustsBase && record is { Base: not null, Planned: null } && local.Version == record.LocalVersion)
            return true;
        var isTrusted = trustsBase && record is { Base: not null, Planned: null, State: not SyncState.Parked, CloudVersion: not SyncRecord.NotAlike }; // else the base is not what the upstream has
        var cloud = isTrusted ? new ShadowSide(record.CloudVersion, record.Base) : await upstream.GetAsync(shadow, cancellationToken);
        if (record is { Base: null, Planned: null } && local.State is null && cloud.State is null)
            return true;
        if (record.Planned is { } planned && planned.IsDone(cloud))
            return await FinishAsync(record, planned.Local, planned.Target, cloud, SyncState.InSync, null, cancellationToken);
        var plan = SyncPlan.Of(record, local, cloud, direction, policy);
        await JournalAsync(plan.Conflicts, shadow, local, cloud);
        record = record with { Sequence = record.Sequence + 1, Epoch = record.Epoch + (plan.Revives ? 1 : 0), Planned = null };
        if (plan is { WritesCloud: true, Target: { } target })
            await SaveAsync(record with { Planned = new(local.State, target, cloud.Version) }, SyncState.Pending, null);
        var written = plan.WritesCloud ? await WriteCloudAsync(record, cloud, plan.Target, cancellationToken) : new(Accepted, cloud.Version);
        if (written.Code is Conflict or TooMany)
            return false;
        if (written.Code == TooLarge && plan.Target is not null)
            return await PieceByPieceAsync(record, local, cloud, plan.Target, cancellationToken);
        if (!written.IsAccepted)
            return await ParkAsync(record, $"the upstream refuses it: {written.Code} {written.Message}");
        if (plan.Target is null)
            return await DeleteLocalAsync(record, local, plan.WritesLocal, written.Version, cancellationToken);
        var state = plan.Conflicts.Count > 0 ? SyncState.Conflict : SyncState.InSync;
        return await FinishAsync(record, local.State, plan.Target, new(written.Version, plan.Target), state, null, cancellationToken);
    }

    /// <summary>The upstream is done; this side gets <paramref name="target"/> too, and keeps what changed here since the plan was made.</summary>
    /// <param name="planned">The state here that the plan was made from; null: there was no shadow.</param>
    /// <param name="cloud">What the upstream has now: the new base.</param>
    /// <param name="outcome">If nothing came between.</param>
    private async Task<bool> FinishAsync(SyncRecord record, SectionStates? planned, SectionStates target, ShadowSide cloud, SyncState outcome, string? reason, CancellationToken cancellationToken)
    {
        var local = Local(record.Shadow);
        if (planned is not null && local.State is null)
            return await DeletedMeanwhileAsync(record, planned, cloud);
        record = record with { Base = cloud.State, CloudVersion = cloud.Version, Planned = null };
        var merge = StateMerge.Merge(planned, local.State ?? SectionStates.None, target, policy);
        await JournalAsync(merge.Conflicts, record.Shadow, local, cloud);
        var patch = StatePatch.Between(local.State ?? SectionStates.None, merge.Merged);
        long? version = local.Version;
        if (patch is not null || local.State is null)
            version = await UpdateLocalAsync(record.Shadow, local.Version, patch ?? "{}"u8.ToArray(), cancellationToken);
        if (version is not { } now)
            return false;
        var isAlike = SectionStates.Equal(merge.Merged, target);
        var state = !isAlike ? SyncState.Pending : outcome == SyncState.InSync && merge.Conflicts.Count > 0 ? SyncState.Conflict : outcome;
        await SaveAsync(record with { LocalVersion = isAlike ? now : SyncRecord.NotAlike }, state, isAlike ? reason : null);
        return isAlike && Local(record.Shadow).Version == now;
    }

    /// <summary>Deleted here while the upstream was written. Whoever did it had seen <paramref name="planned"/>, and nothing that is new there: that decides next.</summary>
    private async Task<bool> DeletedMeanwhileAsync(SyncRecord record, SectionStates planned, ShadowSide cloud)
    {
        var isSeen = SectionStates.Equal(planned, cloud.State!);
        await SaveAsync(
            record with { Base = planned, CloudVersion = isSeen ? cloud.Version : SyncRecord.NotAlike, LocalVersion = SyncRecord.NotAlike, Planned = null }, SyncState.Pending, null);
        return false;
    }

    private ShadowSide Local(ShadowId shadow) => shadows.Find(shadow) is { } document ? new(document.Version, SectionStates.Read(document.State, document.Metadata())) : ShadowSide.Absent;

    private Task JournalAsync(IReadOnlyList<MergeConflict> conflicts, ShadowId shadow, ShadowSide local, ShadowSide cloud) => conflicts.Count == 0 ? Task.CompletedTask : store.AppendAsync(
        [.. conflicts.Select(conflict => new JournalEntry(
            0, Now(), upstreamName, shadow, conflict.Path, conflict.Local?.ToString(), conflict.Cloud?.ToString(), conflict.KeptLocal, conflict.Rule, local.Version, cloud.Version))]);

    private async Task<UpstreamAnswer> WriteCloudAsync(SyncRecord record, ShadowSide cloud, SectionStates? target, CancellationToken cancellationToken)
    {
        if (target is not null)
            return await upstream.UpdateAsync(record.Shadow, Request(StatePatch.Between(cloud.State ?? SectionStates.None, target), cloud.Version, Token(record)), cancellationToken);
        // A delete names no version: cleared on condition first, so that no edit that came meanwhile is deleted unseen.
        var cleared = await upstream.UpdateAsync(record.Shadow, Request(null, cloud.Version, Token(record)), cancellationToken);
        if (!cleared.IsAccepted)
            return cleared;
        var deleted = await upstream.DeleteAsync(record.Shadow, Token(record), cancellationToken);
        return deleted.Code == 404 ? new(Accepted, cleared.Version) : deleted;
    }

    private async Task<bool> DeleteLocalAsync(SyncRecord record, ShadowSide local, bool writes, long cloudVersion, CancellationToken cancellationToken)
    {
        if (writes && await UpdateLocalAsync(record.Shadow, local.Version, null, cancellationToken) is null)
            return false;
        if (writes && await shadows.DeleteAsync(record.Shadow, default, Origin, cancellationToken) is ShadowAnswer.Rejected { Error.Code: not 404 })
            return false;
        var now = writes ? ShadowSide.Absent : local;
        await SaveAsync(record with { Base = null, CloudVersion = cloudVersion, LocalVersion = now.Version }, SyncState.InSync, null);
        return Local(record.Shadow).Version == now.Version;
    }

    /// <param name="patch">Null clears the state.</param>
    /// <returns>The version now; null: changed meanwhile.</returns>
    private async Task<long?> UpdateLocalAsync(ShadowId shadow, long version, byte[]? patch, CancellationToken cancellationToken) =>
        await shadows.UpdateAsync(shadow, Request(patch, version, null), Origin, cancellationToken) switch
        {
            ShadowAnswer.Accepted accepted => accepted.Document.Version,
            ShadowAnswer.Rejected { Error.Code: Conflict or TooMany } => null,
            ShadowAnswer.Rejected { Error: var error } => throw new ShadowParkedException($"the gateway does not take {shadow} from the upstream: {error.Code} {error.Message}"),
            _ => throw new InvalidOperationException("an answer is accepted or rejected"),
        };

    /// <summary>Too large in one piece, or too large at all: key by key, and what does not go through is parked.</summary>
    private async Task<bool> PieceByPieceAsync(SyncRecord record, ShadowSide local, ShadowSide cloud, SectionStates target, CancellationToken cancellationToken)
    {
        var refused = new List<string>();
        foreach (var piece in StatePatch.Pieces(cloud.State ?? SectionStates.None, target))
        {
            record = record with { Sequence = record.Sequence + 1 };
            var answer = await upstream.UpdateAsync(record.Shadow, Request(piece.Patch, cloud.Version, Token(record)), cancellationToken);
            if (answer.Code is Conflict or TooMany)
                return false;
            if (answer.IsAccepted)
                cloud = cloud with { Version = answer.Version };
            else
                refused.Add($"{piece.Path} ({answer.Code} {answer.Message})");
        }
        var now = await upstream.GetAsync(record.Shadow, cancellationToken);
        return refused.Count > 0 && now.Version == cloud.Version
            && await FinishAsync(record, local.State, target, now, SyncState.Parked, $"the upstream does not take {string.Join(", ", refused)}", cancellationToken);
    }

    /// <summary>Base and versions stay as they are: whatever happens next starts from them.</summary>
    private async Task<bool> ParkAsync(SyncRecord record, string reason)
    {
        await SaveAsync(record with { LocalVersion = SyncRecord.NotAlike, Planned = null }, SyncState.Parked, reason);
        return true;
    }

    private Task SaveAsync(SyncRecord record, SyncState state, string? reason) => store.SaveAsync(record with { State = state, Reason = reason, Since = Now() });

    /// <param name="patch">Null clears the state.</param>
    /// <param name="version">0 for a shadow that is not there (AWS guide: Shadow documents).</param>
    private static byte[] Request(byte[]? patch, long version, string? token)
    {
        var text = new StringBuilder("{\"state\":").Append(patch is null ? "null" : Encoding.UTF8.GetString(patch));
        text.Append(CultureInfo.InvariantCulture, $",\"version\":{version}");
        if (token is not null)
            text.Append(CultureInfo.InvariantCulture, $",\"clientToken\":\"{token}\"");
        return Encoding.UTF8.GetBytes(text.Append('}').ToString());
    }

    /// <summary>At most 64 bytes (AWS guide: Shadow error messages): the shadow is in the topic already.</summary>
    private string Token(SyncRecord record) => string.Create(CultureInfo.InvariantCulture, $"{TokenPrefix(gatewayName)}{record.Epoch}:{record.Sequence}");

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
