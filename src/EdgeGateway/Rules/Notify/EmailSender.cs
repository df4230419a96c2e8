using System.Net.Sockets;
using System.Text;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Secrets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace EdgeGateway.Rules.Notify;

/// <summary>Hands mail to the server of <see cref="SmtpOptions"/>. What it refuses for now (4xx), silence and no connection may pass; a 5xx is final.</summary>
internal sealed class EmailSender(SmtpOptions options, SecretStore secrets) : IParcelSender
{
    public const string KindName = "email";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public string Kind => KindName;

    public static byte[] Write(string subject, string text)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(subject);
            writer.Write(text);
        }
        return stream.ToArray();
    }

    public async Task<RuleActionFailure?> SendAsync(Parcel parcel, ParcelContext context, CancellationToken cancellationToken)
    {
        if (options.Host is null)
            return new(parcel.Resource, "no mail server is configured: set rules.smtp.host and rules.smtp.from", "NoMailServer", IsRecoverable: false);
        string? password = null;
        if (options.Secret is { } secret && (password = secrets.ReadOwn(secret, out var refusal)) is null)
            return new(parcel.Resource, refusal!, "SecretNotRead", IsRecoverable: false);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var message = Message(parcel, context);
            using var client = new SmtpClient();
            await client.ConnectAsync(options.Host, options.Port, options.Security switch { "tls" => SecureSocketOptions.SslOnConnect, "none" => SecureSocketOptions.None, _ => SecureSocketOptions.StartTls }, patience.Token);
            if (password is not null && options.User is { } user)
                await client.AuthenticateAsync(user, password, patience.Token);
            await client.SendAsync(message, patience.Token);
            await client.DisconnectAsync(quit: true, patience.Token);
            return null;
        }
        catch (SmtpCommandException ex)
        {
            return Failure(parcel, $"answered {(int)ex.StatusCode}: {ex.Message}", (int)ex.StatusCode < 500);
        }
        catch (Exception ex) when (ex is AuthenticationException or NotSupportedException or ParseException)
        {
            return Failure(parcel, ex.Message, isRecoverable: false);
        }
        catch (Exception ex) when (ex is IOException or SocketException or ProtocolException or SslHandshakeException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Failure(parcel, ex is OperationCanceledException ? $"did not answer within {Patience.TotalSeconds:0} s" : ex.Message, isRecoverable: true);
        }
    }

    private MimeMessage Message(Parcel parcel, ParcelContext context)
    {
        using var reader = new BinaryReader(new MemoryStream(parcel.Bytes), Encoding.UTF8);
        var message = new MimeMessage { Subject = reader.ReadString(), Body = new TextPart("plain") { Text = reader.ReadString() } };
        message.From.Add(MailboxAddress.Parse(options.From));
        message.To.Add(MailboxAddress.Parse(parcel.Resource));
        message.Headers.Add("X-Edge-Delivery-Id", context.Id);
        return message;
    }

    private RuleActionFailure Failure(Parcel parcel, string what, bool isRecoverable) => new(parcel.Resource, $"{options.Host}:{options.Port} {what}", "MailNotSent", isRecoverable);
}
