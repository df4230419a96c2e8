using EdgeGateway.Registry;
using EdgeGateway.Search.Fields;
using EdgeGateway.Search.Query;
using EdgeGateway.Shadows;

namespace EdgeGateway.Search;

/// <summary>Makes the parts of index entries from what the registry, the shadows and the lifecycle events say.</summary>
internal static class EntryBuilder
{
    private static readonly ulong ThingName = FieldName.Of(IndexFields.ThingName), ThingId = FieldName.Of(IndexFields.ThingId), ThingType = FieldName.Of(IndexFields.ThingType);
    private static readonly ulong ThingGroups = FieldName.Of(IndexFields.ThingGroups), ThingVersion = FieldName.Of(IndexFields.Version), Attributes = FieldName.Of(IndexFields.Attributes);
    private static readonly ulong Connected = FieldName.Of(IndexFields.Connected), Timestamp = FieldName.Of(IndexFields.ConnectivityTime), Reason = FieldName.Of(IndexFields.DisconnectReason);
    private static readonly ulong GroupName = FieldName.Of(IndexFields.GroupName), GroupId = FieldName.Of(IndexFields.GroupId);
    private static readonly ulong Description = FieldName.Of(IndexFields.Description), ParentGroups = FieldName.Of(IndexFields.ParentGroups), GroupVersion = FieldName.Of("version");

    public static byte[] OfThing(Thing thing, IEnumerable<ThingGroup> groups)
    {
        var to = new FieldWriter();
        to.Text(ThingName, thing.Name);
        to.Text(ThingId, thing.Id);
        if (thing.TypeName is { } type)
            to.Text(ThingType, type);
        foreach (var group in groups)
            to.Text(ThingGroups, group.Name, dynamicGroup: group.Query is not null);
        WriteAttributes(to, thing.Attributes);
        to.Number(ThingVersion, thing.Version);
        return to.ToArray();
    }

    public static byte[] OfGroup(ThingGroup group, IEnumerable<ThingGroup> ancestors)
    {
        var to = new FieldWriter();
        to.Text(GroupName, group.Name);
        to.Text(GroupId, group.Id);
        if (group.Description is { } description)
            to.Text(Description, description);
        foreach (var ancestor in ancestors)
            to.Text(ParentGroups, ancestor.Name);
        WriteAttributes(to, group.Attributes);
        to.Number(GroupVersion, group.Version);
        return to.ToArray();
    }

    public static byte[] OfConnectivity(Connectivity connectivity)
    {
        var to = new FieldWriter();
        to.Boolean(Connected, connectivity.Connected);
        to.Number(Timestamp, connectivity.Timestamp);
        if (connectivity.DisconnectReason is { } reason)
            to.Text(Reason, reason);
        return to.ToArray();
    }

    /// <param name="name">Of the shadow; empty for the classic one.</param>
    public static byte[] OfShadow(string name, ShadowDocument document)
    {
        var prefix = name.Length == 0 ? "shadow" : $"shadow.name.{name}";
        var to = new FieldWriter();
        JsonFields.Write(to, prefix, document.State.Span);
        JsonFields.Write(to, $"{prefix}.metadata", document.Metadata());
        var delta = document.Delta();
        if (delta is not null)
            JsonFields.Write(to, $"{prefix}.delta", delta);
        to.Boolean(FieldName.Of($"{prefix}.{IndexFields.HasDelta}"), delta is not null);
        to.Number(FieldName.Of($"{prefix}.{IndexFields.ShadowVersion}"), document.Version);
        return to.ToArray();
    }

    private static void WriteAttributes(FieldWriter to, IReadOnlyDictionary<string, string> attributes)
    {
        foreach (var (name, value) in attributes)
            to.Text(FieldName.Continue(Attributes, System.Text.Encoding.UTF8.GetBytes(name)), value, readsNumber: true);
    }
}
