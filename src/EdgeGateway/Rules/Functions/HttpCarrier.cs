using System.Net.Http.Headers;

namespace EdgeGateway.Rules.Functions;

/// <summary>A function that answers HTTP: POST of the event, JSON back; a status of 400 and above is an error.</summary>
internal sealed class HttpCarrier(Uri url, HttpClient http) : IFunctionCarrier
{
    private const int MaxAnswerBytes = 1024 * 1024;

    public string Kind => "http";

    public string Target => url.ToString();

    public long Restarts => 0;

    public async Task<FunctionAnswer> CallAsync(ReadOnlyMemory<byte> @event, FunctionCall call, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(@event) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } } };
        request.Headers.TryAddWithoutValidation("x-edge-rule", call.Rule);
        request.Headers.TryAddWithoutValidation("x-edge-topic", Uri.EscapeDataString(call.Topic));
        request.Headers.TryAddWithoutValidation("x-edge-trace-id", call.TraceId);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            if ((int)response.StatusCode >= 400)
                return FunctionAnswer.Failed($"{url} answered {(int)response.StatusCode}", (int)response.StatusCode is 429 or >= 500);
            return await HttpBodies.ReadAsync(response.Content, MaxAnswerBytes, deadline.Token) is { } body
                ? FunctionAnswer.Done(body)
                : FunctionAnswer.Failed($"the answer of {url} is larger than {MaxAnswerBytes} bytes", mayPass: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return FunctionAnswer.Failed($"{url} did not answer within {timeout.TotalMilliseconds:0} ms", mayPass: true);
        }
        catch (Exception ex) when (ex is HttpRequestException or IOException)
        {
            return FunctionAnswer.Failed($"{url} cannot be reached: {ex.Message}", mayPass: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
