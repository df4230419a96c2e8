using System.Text;
using System.Text.Unicode;

namespace EdgeGateway.Messaging;

/// <summary>
/// What a topic name and a topic filter may look like, and which filter matches which name (MQTT 5.0 §4.7).
/// All on UTF-8 bytes, as they come off the wire.
/// </summary>
public static class Topics
{
    /// <summary>The longest UTF-8 string MQTT can carry, in bytes.</summary>
    public const int MaxBytes = 65535;

    private const byte Separator = (byte)'/';

    /// <summary>A topic name: 1 to 65535 bytes of UTF-8 without U+0000 and wildcards [MQTT-4.7.1-1], [MQTT-4.7.3-1..3].</summary>
    public static bool IsValidName(ReadOnlySpan<byte> topic) =>
        topic.Length is > 0 and <= MaxBytes && topic.IndexOfAny((byte)'+', (byte)'#', (byte)0) < 0 && Utf8.IsValid(topic);

    /// <inheritdoc cref="IsValidName(ReadOnlySpan{byte})"/>
    public static bool IsValidName(string topic) => IsValidName(Encoding.UTF8.GetBytes(topic));

    /// <summary>
    /// A topic filter: like a name, but a level may be a lone '+' and the last level a lone '#' [MQTT-4.7.1-2], [MQTT-4.7.1-3].
    /// A shared filter is judged without its <c>$share/NAME/</c>.
    /// </summary>
    public static bool IsValidFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.Length is 0 or > MaxBytes || filter.Contains((byte)0) || !Utf8.IsValid(filter))
            return false;
        for (var i = 0; i < filter.Length; i++)
        {
            if (filter[i] is not ((byte)'+' or (byte)'#'))
                continue;
            var startsLevel = i == 0 || filter[i - 1] == Separator;
            var endsLevel = i == filter.Length - 1 || filter[i + 1] == Separator;
            if (!startsLevel || !endsLevel || (filter[i] == '#' && i != filter.Length - 1))
                return false;
        }
        return true;
    }

    /// <inheritdoc cref="IsValidFilter(ReadOnlySpan{byte})"/>
    public static bool IsValidFilter(string filter) => IsValidFilter(Encoding.UTF8.GetBytes(filter));

    /// <summary>
    /// Whether a valid filter matches a valid name. '#' also matches the level above it (<c>sport/#</c> matches <c>sport</c>),
    /// and a leading wildcard never matches a name that starts with '$' [MQTT-4.7.2-1].
    /// </summary>
    public static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (topic is [(byte)'$', ..] && filter is [(byte)'+' or (byte)'#', ..])
            return false;
        while (true)
        {
            var filterLevel = NextLevel(ref filter, out var filterEnded);
            if (filterLevel is [(byte)'#'])
                return true;
            var topicLevel = NextLevel(ref topic, out var topicEnded);
            if (filterLevel is not [(byte)'+'] && !filterLevel.SequenceEqual(topicLevel))
                return false;
            if (topicEnded)
                return filterEnded || filter is [(byte)'#'];
            if (filterEnded)
                return false;
        }
    }

    /// <inheritdoc cref="Matches(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static bool Matches(string filter, string topic) => Matches(Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(topic));

    /// <summary>Cuts the first level off <paramref name="rest"/>.</summary>
    public static ReadOnlySpan<byte> NextLevel(scoped ref ReadOnlySpan<byte> rest, out bool ended)
    {
        var slash = rest.IndexOf(Separator);
        if (slash < 0)
        {
            ended = true;
            var last = rest;
            rest = default;
            return last;
        }
        ended = false;
        var level = rest[..slash];
        rest = rest[(slash + 1)..];
        return level;
    }
}
