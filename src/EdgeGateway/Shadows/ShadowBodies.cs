using System.Buffers;
using EdgeGateway.Shadows.Json;

namespace EdgeGateway.Shadows;

/// <summary>Writes the bodies of answers and notifications (AWS guide: Shadow documents, Shadow error messages). Times come in milliseconds and leave in whole seconds.</summary>
internal static class ShadowBodies
{
    private const int LargestKept = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_scratch; // a body is written here and copied out in its length

    public static byte[] Get(ShadowDocument document, ReadOnlyMemory<byte> clientToken, long now)
    {
        var (desired, reported) = document.Read();
        var json = Begin();
        json.Put("{\"state\":"u8);
        if (desired?.DeltaTo(reported) is { } delta)
        {
            json.Put(document.State.Span[..^1]); // a delta needs a desired section, so something stands before it
            json.Put(",\"delta\":"u8);
            delta.WriteTo(json);
            json.Put((byte)'}');
        }
        else
            json.Put(document.State.Span);
        json.Put(",\"metadata\":"u8);
        ShadowDocument.WriteSections(json, desired, reported, metadata: true);
        PutVersion(json, document.Version);
        return End(json, clientToken, now);
    }

    public static byte[] Deleted(long version, ReadOnlyMemory<byte> clientToken, long now)
    {
        var json = Begin();
        json.Put("{\"version\":"u8);
        json.Put(version);
        return End(json, clientToken, now);
    }

    /// <summary>The request's state as sent, nulls included, and the time at each of its leaves and nulls.</summary>
    public static byte[] Updated(ShadowRequest.Update update, long version, long now)
    {
        var json = Begin();
        json.Put("{\"state\":"u8);
        WriteSent(json, update, now: null);
        json.Put(",\"metadata\":"u8);
        WriteSent(json, update, now);
        PutVersion(json, version);
        return End(json, update.ClientToken, now);
    }

    public static byte[] Delta(ShadowObject delta, long version, ReadOnlyMemory<byte> clientToken, long now)
    {
        var json = Begin();
        json.Put("{\"state\":"u8);
        delta.WriteTo(json);
        json.Put(",\"metadata\":"u8);
        delta.WriteMetadataTo(json);
        PutVersion(json, version);
        return End(json, clientToken, now);
    }

    /// <summary>Before and after; a new shadow has no before.</summary>
    public static byte[] Documents(
        ShadowDocument previous,
        (ShadowObject? Desired, ShadowObject? Reported) before,
        ShadowDocument current,
        (ShadowObject? Desired, ShadowObject? Reported) after,
        ReadOnlyMemory<byte> clientToken,
        long now)
    {
        var json = Begin();
        json.Put((byte)'{');
        if (previous.Exists)
        {
            json.Put("\"previous\":"u8);
            WriteVersion(previous, before);
            json.Put((byte)',');
        }
        json.Put("\"current\":"u8);
        WriteVersion(current, after);
        return End(json, clientToken, now);

        void WriteVersion(ShadowDocument document, (ShadowObject? Desired, ShadowObject? Reported) sections)
        {
            json.Put("{\"state\":"u8);
            json.Put(document.State.Span);
            json.Put(",\"metadata\":"u8);
            ShadowDocument.WriteSections(json, sections.Desired, sections.Reported, metadata: true);
            PutVersion(json, document.Version);
            json.Put((byte)'}');
        }
    }

    public static byte[] Rejected(ShadowError error, ReadOnlyMemory<byte> clientToken, long now)
    {
        var json = Begin();
        json.Put("{\"code\":"u8);
        json.Put(error.Code);
        json.Put(",\"message\":"u8);
        json.Put(JsonText.Quote(error.Message));
        return End(json, clientToken, now);
    }

    private static ArrayBufferWriter<byte> Begin()
    {
        if (s_scratch is not { Capacity: <= LargestKept } scratch)
            return s_scratch = new(1024);
        scratch.ResetWrittenCount();
        return scratch;
    }

    private static void PutVersion(ArrayBufferWriter<byte> json, long version)
    {
        json.Put(",\"version\":"u8);
        json.Put(version);
    }

    private static byte[] End(ArrayBufferWriter<byte> json, ReadOnlyMemory<byte> clientToken, long now)
    {
        json.Put(",\"timestamp\":"u8);
        json.Put(now / 1000);
        if (!clientToken.IsEmpty)
        {
            json.Put(",\"clientToken\":"u8);
            json.Put(clientToken.Span);
        }
        json.Put((byte)'}');
        return json.WrittenSpan.ToArray();
    }

    /// <param name="now">Null: the state itself; otherwise its metadata.</param>
    private static void WriteSent(ArrayBufferWriter<byte> json, ShadowRequest.Update update, long? now)
    {
        if (update.IsStateNull)
        {
            WriteNull();
            return;
        }
        json.Put((byte)'{');
        var isFirst = true;
        WriteSection("\"desired\":"u8, update.Desired, update.ClearsDesired);
        WriteSection("\"reported\":"u8, update.Reported, update.ClearsReported);
        json.Put((byte)'}');

        void WriteSection(ReadOnlySpan<byte> name, ShadowObject? section, bool isNull)
        {
            if (section is null && !isNull)
                return;
            if (!isFirst)
                json.Put((byte)',');
            isFirst = false;
            json.Put(name);
            if (section is null)
                WriteNull();
            else if (now is { } time)
                section.WriteMetadataTo(json, time);
            else
                section.WriteTo(json);
        }

        void WriteNull()
        {
            if (now is { } time)
                ShadowNode.WriteTimestampTo(json, time);
            else
                json.Put("null"u8);
        }
    }
}
