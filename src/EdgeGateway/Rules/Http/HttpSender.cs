using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Secrets;

namespace EdgeGateway.Rules.Http;

/// <summary>Posts to confirmed destinations (AWS guide: HTTP action). A status of 429 or 5xx, no answer, and no connection may pass; all else is final.</summary>
internal sealed class HttpSender(IHttpDestinations destinations, RuleHttp http, SecretStore secrets) : IParcelSender
{
    private const int MaxAnswerBytes = 16_384;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public string Kind => HttpParcel.Kind;

    public async Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken)
    {
        var sent = HttpParcel.Read(parcel.Bytes);
        if (destinations.Refusal(sent.Url) is { } refusal)
            return new(sent.Url, refusal, "DestinationNotEnabled", IsRecoverable: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, sent.Url) { Content = new ReadOnlyMemoryContent(sent.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", sent.ContentType);
        request.Headers.TryAddWithoutValidation("x-edge-delivery-id", context.Id);
        if (context.Attempt > 1)
            request.Headers.TryAddWithoutValidation("x-edge-delivery-attempt", context.Attempt.ToString(CultureInfo.InvariantCulture));
        foreach (var (key, value) in sent.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(key, value))
                request.Content.Headers.TryAddWithoutValidation(key, value);
        }
        return Authenticate(request, sent) ?? await SendAsync(request, sent.Url, cancellationToken);
    }

    private RuleActionFailure? Authenticate(HttpRequestMessage request, HttpParcel sent)
    {
        if (sent.AuthKind is null)
            return null;
        if (secrets.Read(sent.SecretId!, sent.AuthRole, out var refusal) is not { } value)
            return new(sent.Url, refusal!, "SecretNotRead", IsRecoverable: false);
        var text = Encoding.UTF8.GetString(value);
        if (sent.AuthKind == "bearer")
        {
            if ((sent.AuthKey is { } key ? Member(text, key) : text.Trim()) is not { } token)
                return new(sent.Url, $"the secret {sent.SecretId} has no member {sent.AuthKey}", "SecretNotRead", IsRecoverable: false);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
            return null;
        }
        var pair = Member(text, "username") is { } user && Member(text, "password") is { } password ? $"{user}:{password}" : text.Trim();
        if (!pair.Contains(':', StringComparison.Ordinal))
            return new(sent.Url, $"the secret {sent.SecretId} is neither NAME:PASSWORD nor JSON with username and password", "SecretNotRead", IsRecoverable: false);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        return null;
    }

    private static string? Member(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<RuleActionFailure?> SendAsync(HttpRequestMessage request, string url, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            using var response = await http.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if (await HttpBodies.ReadAsync(response.Content, MaxAnswerBytes, deadline.Token) is null)
                return new(url, $"the answer is larger than {MaxAnswerBytes} bytes", "AnswerTooLarge", IsRecoverable: false);
            var status = (int)response.StatusCode;
            return status < 300 ? null : new(url, $"it answered {status}", $"Http{status}", IsRecoverable: status is 429 or >= 500);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(url, $"no answer within {Patience.TotalSeconds:0} s", "Timeout", IsRecoverable: true);
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            return new(url, ex.Message, "Unreachable", IsRecoverable: true);
        }
    }
}
