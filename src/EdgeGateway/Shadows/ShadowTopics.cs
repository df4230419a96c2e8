using System.Text;

namespace EdgeGateway.Shadows;

/// <summary>The reserved topics (AWS guide: Shadow MQTT topics).</summary>
internal static class ShadowTopics
{
    /// <summary>Where requests come in; the answers' topics match none of these.</summary>
    public static IReadOnlyList<string> RequestFilters { get; } =
    [
        .. from shadow in (string[])["$aws/things/+/shadow", "$aws/things/+/shadow/name/+"]
           from operation in (string[])["get", "update", "delete"]
           select $"{shadow}/{operation}",
    ];

    /// <summary>Reads a topic that matches one of <see cref="RequestFilters"/>.</summary>
    /// <param name="shadow">Its names may be ones no shadow can have.</param>
    /// <returns>False: no shadow request.</returns>
    public static bool TryParse(ReadOnlySpan<byte> topic, out ShadowId shadow, out ShadowOperation operation)
    {
        shadow = default;
        operation = default;
        if (!topic.StartsWith("$aws/things/"u8))
            return false;
        var rest = topic["$aws/things/"u8.Length..];
        var thing = Cut(ref rest);
        if (!Cut(ref rest).SequenceEqual("shadow"u8))
            return false;
        var name = ReadOnlySpan<byte>.Empty;
        var last = Cut(ref rest);
        var isNamed = last.SequenceEqual("name"u8) && !rest.IsEmpty;
        if (isNamed)
        {
            name = Cut(ref rest);
            last = Cut(ref rest);
        }
        if (!rest.IsEmpty || !TryParse(last, out operation))
            return false;
        shadow = new(Encoding.UTF8.GetString(thing), isNamed && name.IsEmpty ? "/" : Encoding.UTF8.GetString(name)); // an empty level is no classic shadow
        return true;
    }

    public static string Of(ShadowId shadow, ShadowOperation operation, string kind) => $"{shadow.TopicPrefix}/{Word(operation)}/{kind}";

    public static string Word(ShadowOperation operation) => operation switch
    {
        ShadowOperation.Get => "get",
        ShadowOperation.Update => "update",
        _ => "delete",
    };

    private static bool TryParse(ReadOnlySpan<byte> word, out ShadowOperation operation)
    {
        operation = word.SequenceEqual("get"u8) ? ShadowOperation.Get : word.SequenceEqual("update"u8) ? ShadowOperation.Update : ShadowOperation.Delete;
        return operation != ShadowOperation.Delete || word.SequenceEqual("delete"u8);
    }

    private static ReadOnlySpan<byte> Cut(scoped ref ReadOnlySpan<byte> rest)
    {
        var slash = rest.IndexOf((byte)'/');
        var level = slash < 0 ? rest : rest[..slash];
        rest = slash < 0 ? default : rest[(slash + 1)..];
        return level;
    }
}
