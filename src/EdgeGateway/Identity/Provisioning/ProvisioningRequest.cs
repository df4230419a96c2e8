using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>One request of a device on a provisioning topic: who asks, what, in which format, and how to answer.</summary>
internal sealed record ProvisioningRequest(ProvisioningOperation Operation, string? Template, bool IsCbor, string Topic, string ClientId, string PrincipalId, ReadOnlyMemory<byte> Payload, QualityOfService QualityOfService)
{
    /// <returns>Null where the topic is none of ours, or nobody can be answered.</returns>
    public static ProvisioningRequest? From(ApplicationMessage message)
    {
        if (message.ClientId is not { } client || message.PrincipalId is not { } principal)
            return null;
        ProvisioningOperation? operation;
        string? template = null;
        string format;
        switch (message.Topic.Split('/'))
        {
            case ["$aws", "certificates", "create", var given]:
                (operation, format) = (ProvisioningOperation.CreateKeysAndCertificate, given);
                break;
            case ["$aws", "certificates", "create-from-csr", var given]:
                (operation, format) = (ProvisioningOperation.CreateCertificateFromCsr, given);
                break;
            case ["$aws", "provisioning-templates", var name, "provision", var given]:
                (operation, template, format) = (ProvisioningOperation.RegisterThing, name, given);
                break;
            default:
                return null;
        }
        if (format is not ("json" or "cbor"))
            return null;
        var answerAt = message.QualityOfService > QualityOfService.AtMostOnce ? QualityOfService.AtLeastOnce : QualityOfService.AtMostOnce;
        return new(operation.Value, template, format == "cbor", message.Topic, client, principal, message.Payload, answerAt);
    }

    /// <exception cref="ProvisioningRefusal">The payload is not an object in the topic's format.</exception>
    public JsonObject Body()
    {
        if (Payload.IsEmpty)
            return [];
        try
        {
            var node = IsCbor ? CborJson.Read(Payload.Span) : StrictJson.Parse(Payload.Span, maxDepth: 16);
            return node as JsonObject ?? throw ProvisioningRefusal.Request("The payload is no object.");
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw ProvisioningRefusal.Request($"The payload is not {(IsCbor ? "CBOR" : "JSON")}: {fault.Message}");
        }
    }

    /// <summary>Only the asking client hears it: it may hold a private key.</summary>
    public ApplicationMessage Accepted(JsonObject answer) => Answer("/accepted", answer);

    public ApplicationMessage Rejected(ProvisioningRefusal refusal) => Answer("/rejected", new JsonObject
    {
        ["statusCode"] = refusal.StatusCode,
        ["errorCode"] = refusal.ErrorCode,
        ["errorMessage"] = refusal.Message,
    });

    internal static byte[] ToUtf8(JsonObject value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            value.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    private ApplicationMessage Answer(string suffix, JsonObject answer) => new(Topic + suffix, IsCbor ? CborJson.Write(answer) : ToUtf8(answer))
    {
        OnlyTo = ClientId,
        QualityOfService = QualityOfService,
        Origin = new MessageOrigin("identity"),
    };
}
