using System.Formats.Asn1;
using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Identity.Policies;

namespace EdgeGateway.Identity.Certificates;

/// <summary>Reads a certificate's names into the policy variables <c>iot:Certificate.*</c> (AWS guide: IoT policies).</summary>
internal static class CertificateFields
{
    private const string IssuerAlternativeName = "2.5.29.18";

    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["2.5.4.46"] = "DistinguishedNameQualifier",
        ["2.5.4.6"] = "Country",
        ["2.5.4.10"] = "Organization",
        ["2.5.4.11"] = "OrganizationalUnit",
        ["2.5.4.8"] = "State",
        ["2.5.4.3"] = "CommonName",
        ["2.5.4.5"] = "SerialNumber",
        ["2.5.4.12"] = "Title",
        ["2.5.4.4"] = "Surname",
        ["2.5.4.42"] = "GivenName",
        ["2.5.4.43"] = "Initials",
        ["2.5.4.65"] = "Pseudonym",
        ["2.5.4.44"] = "GenerationQualifier",
    };

    public static void AddTo(PolicyContext context, X509Certificate2 certificate)
    {
        AddNames(context, "iot:Certificate.Subject.", DistinguishedName(certificate.SubjectName));
        AddNames(context, "iot:Certificate.Issuer.", DistinguishedName(certificate.IssuerName));
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension)
                AddNames(context, "iot:Certificate.Subject.AlternativeName.", AlternativeNames(extension));
            else if (extension.Oid?.Value == IssuerAlternativeName)
                AddNames(context, "iot:Certificate.Issuer.AlternativeName.", AlternativeNames(extension));
        }
        context.Set(PolicyKeys.SerialNumber, new BigInteger(certificate.SerialNumberBytes.Span, isUnsigned: true, isBigEndian: true).ToString(System.Globalization.CultureInfo.InvariantCulture));
        context.SealCertificate();
    }

    /// <summary>Names and values in the order of the certificate; attributes we have no word for are left out.</summary>
    public static IEnumerable<(string Name, string Value)> DistinguishedName(X500DistinguishedName name)
    {
        foreach (var part in name.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value is { } oid && Names.TryGetValue(oid, out var field) && part.GetSingleElementValue() is { } value)
                yield return (field, value);
        }
    }

    private static void AddNames(PolicyContext context, string prefix, IEnumerable<(string Name, string Value)> names)
    {
        foreach (var field in names.GroupBy(name => name.Name, name => name.Value))
            context.SetCertificateField(prefix + field.Key, [.. field]);
    }

    /// <summary>GeneralNames (RFC 5280 §4.2.1.6). A malformed extension offers no names: policies then find none.</summary>
    private static List<(string Name, string Value)> AlternativeNames(X509Extension extension)
    {
        var names = new List<(string, string)>();
        try
        {
            var sequence = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (sequence.HasData)
            {
                var tag = sequence.PeekTag();
                switch (tag.TagClass, tag.TagValue)
                {
                    case (TagClass.ContextSpecific, 1):
                        names.Add(("RFC822Name", sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                        break;
                    case (TagClass.ContextSpecific, 2):
                        names.Add(("DNSName", sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                        break;
                    case (TagClass.ContextSpecific, 4):
                        names.Add(("DirectoryName", new X500DistinguishedName(sequence.ReadSequence(tag).ReadEncodedValue().Span).Name));
                        break;
                    case (TagClass.ContextSpecific, 6):
                        names.Add(("UniformResourceIdentifier", sequence.ReadCharacterString(UniversalTagNumber.IA5String, tag)));
                        break;
                    case (TagClass.ContextSpecific, 7):
                        names.Add(("IPAddress", new IPAddress(sequence.ReadOctetString(tag)).ToString()));
                        break;
                    default:
                        sequence.ReadEncodedValue();
                        break;
                }
            }
        }
        catch (Exception fault) when (fault is AsnContentException or CryptographicException or ArgumentException)
        {
            names.Clear();
        }
        return names;
    }
}
