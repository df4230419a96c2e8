using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeGateway.Api.Aws;

/// <summary>What a call is answered.</summary>
/// <param name="ErrorType">For <c>x-amzn-ErrorType</c>; null for a success.</param>
internal sealed record AwsReply(int Status, ReadOnlyMemory<byte> Body, string ContentType = "application/json", string? ErrorType = null)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>200 with <c>{}</c>.</summary>
    public static AwsReply Empty { get; } = new(200, "{}"u8.ToArray());

    /// <summary>204 without a body.</summary>
    public static AwsReply NoContent { get; } = new(204, default);

    /// <summary>200 with a JSON object.</summary>
    public static AwsReply Json(Action<Utf8JsonWriter> writeMembers) => new(200, Object(writeMembers));

    /// <summary>200 with the payload itself: shadows.</summary>
    public static AwsReply Payload(ReadOnlyMemory<byte> payload) => new(200, payload);

    public static AwsReply Error(int status, string type, string message, string? resourceArn = null, string? resourceId = null) => new(
        status,
        Object(writer =>
        {
            writer.WriteString("message"u8, message);
            writer.WriteOptional("resourceArn", resourceArn);
            writer.WriteOptional("resourceId", resourceId);
        }),
        ErrorType: type);

    /// <summary>Sends it, under an id that the log may name too.</summary>
    public Task WriteAsync(HttpContext http, string? requestId = null)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.Headers["x-amzn-RequestId"] = requestId ?? Guid.NewGuid().ToString();
        if (ErrorType is not null)
            response.Headers["x-amzn-ErrorType"] = ErrorType;
        if (Status == 204)
            return Task.CompletedTask;
        response.ContentType = ContentType;
        response.ContentLength = Body.Length;
        return response.Body.WriteAsync(Body, http.RequestAborted).AsTask();
    }

    private static byte[] Object(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writeMembers(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
