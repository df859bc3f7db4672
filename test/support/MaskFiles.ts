// Masks that Pillow and numpy have written, or a script of the standard library that Pillow has read, as base64. `rgba` are the
// pixels that Pillow returns (of 16 bits the upper 8), deflated.

/** PNG files and their pixels. */
export const pngFiles = [
  {
    name: "gray, 1 bit",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFAQAAAAC73Sv7AAAAF0lEQVR4nGOY5MCoEsPgqcDi+Z1RJQYAGasDgjRFIIQAAAAASUVORK5CYII=",
    rgba: "eNr7////fwYGBjD+TwSb2upggBZmAwBFLGyU"
  },
  {
    name: "gray, 8 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAAAAAC2zUmKAAAAEklEQVR4nGNkEIEDJnYEIIYNAEgUAgZnKCCIAAAAAElFTkSuQmCC",
    rgba: "eNoFwaECQwAAQEFNk0ikpUmTJEukpUmWlkikJZKlJRJpaUskiUSSSCRN23+83QmCgCzLHI9HLMvier3i+z5xHJNlGZ/Ph7ZtmaYJURRRVZXT6YRt23ieRxiGpGlKURRUVUXf9yzLgiRJHA4HTNPkcrlwv995PB68Xi/e7zdN0zCOI9u2oSgKuq5zPp9xXZcgCEiShDzP+X6/dF3HPM/s+46maRiGgeM43G43oiji+XxSliV1XTMMA+u68vv9+AOirIBE"
  },
  {
    name: "gray and alpha",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAQAAAA5r97dAAAAFklEQVR4nGNkYBDBAlkYjBiwAKoIAwCAUgGiFQuI+QAAAABJRU5ErkJggg==",
    rgba: "eNoVyjEBwCAQBMETgQjqrxGBiBMREam/RgQiTlY2U48kjTE059RaS3tv2dbzPHrfV+cc3XuVhKniFre4xS1ucYtb3OIWt7jmmmuuuf5xzTXXXHPNbW5zm9vcpja3uc1tbnObG2644YYbbrjhhhtufh9l1VXx"
  },
  {
    name: "rgb",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAIAAAAcxIEBAAAAJklEQVR4nGNkYGAQwYtYGIwYGBiY8SC4CjZcCFkFJ1aEpoIHEwEA8l0CsCltPl8AAAAASUVORK5CYII=",
    rgba: "eNoNyjFqAzEQQFFBwGBYMCwOLBhcbSECBjOFK0FalwqkSuViyhxAh1A9tQ6hQ8ytvqd43UspcQ45lFCDhhZ6GGEGD0niygdZDhQ5UmVB5USTlS6fDNmYcsHlStK4eiDrQtGVqhuqV5rudP1i6J2pD1wLyeLakWwrxS5U21G70exBt2+GPZn2g9sfyeP6QvaN4jvV76gXmj/p/svwF9P/cW+8ASZiaDQ="
  },
  {
    name: "rgba",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAYAAACTphZWAAAAMUlEQVR4nGNkYGBgEEHF/0UwxRhEGBgYWBiMGBgYGJiJwkiK2QhiNMWceDEWxTw4MQAOkAOvsK+2FAAAAABJRU5ErkJggg==",
    rgba: "eNoNzjGKwzAQheEHC4GAYcE4YDCkciECgTBFKkFal1rYaqstpswBdAjVU+sQOsTc6mWKr/t5PABYQgo5FIAaamihhxE8QKKVLyQ5IcsZRSaqfLPKzCYXdlk5ZKPLlYiRRU9IOiHrjKIrVa+surPpjV0fHPqkayYsWjsj2YxsG4rtVLuz2pPNXux2cNgP3f6IOLL4hOQrsu8o/qB6ZvWDzX/Z/Z/D33Sv/ACTaFRI"
  },
  {
    name: "gray, 16 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFEAAAAADmXZXJAAAAJUlEQVR4nGNkYBDuEOlAx0wsl1gvwTACMiFzEEqY0NWhqEY3BgD/zCsICjbTcwAAAABJRU5ErkJggg==",
    rgba: "eNplziG2RAAAQFFBURRFERSCoiiKoggERVEURRFMERRFURRFERRFURRliqAotvP+OVP/XcEVBAFFUTBNE9d1iaKILMv4fD50Xcc0TWzbxvf7RRRFVFXFsiw8zyOOY/I8p65r+r5nnmf2fee6LiRJQtM0bNvG932SJKEoCpqmYRgGlmXhOA7u+0aWZXRdx3EcgiAgTVPKsqRtW8ZxZF1XzvPkeZ7f1TCM3zUMw9+1qqp/1/d9+QMplnuj"
  },
  {
    name: "palette with transparency, 2 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFAgMAAADuyP7FAAAADFBMVEUAAAD/AAAA/wAAAP+bwBPcAAAAAXRSTlMAQObYZgAAABxJREFUeJxjlGb4yxLIwMDiyvCfRZThH6M0w18AKw4E5/uJEWYAAAAASUVORK5CYII=",
    rgba: "eNpjYGBg+A9C/8EUEOPmE6sOzCdWHRgQpw7MJ8G9AFxsUa8="
  },
  {
    name: "palette, 8 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFAgMAAADuyP7FAAAADFBMVEUAAAD/AAAA/wAAAP+bwBPcAAAAHElEQVR4nGOUZvjLEsjAwOLK8J9FlOEfozTDXwArDgTn+4kRZgAAAABJRU5ErkJggg==",
    rgba: "eNpjYGD4/x+IwRDMxM0nVh2YSaw6BuLVgfkkuBcALPBfoQ=="
  },
  {
    name: "rgb with a transparent color",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAIAAAAcxIEBAAAABnRSTlMAFAAyAADcKQctAAAAF0lEQVR4nGNkYGAQwYtYGIwY8AP6qAAAvqABosJUSNEAAAAASUVORK5CYII=",
    rgba: "eNoNyjERxDAMAEGBeBCuUxuEQQiEQLj+2iAMQqySLXauuYh4fwwmi6TYHC5NPN4nYuhkkRSbw6WJ9DKYLJJic7g08fcymCySYnO4NNFeBpNFUmwOl+YDCBlgww=="
  },
  {
    name: "interlaced gray, 1 bit",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFAQAAAAHM2httAAAAIElEQVR4nGNoYGhgWMBwgEGBIYfhAYMEwwSGUw4MvxwAS6IGuXLddIUAAAAASUVORK5CYII=",
    rgba: "eNr7/x83YGBgQMHo4jA2NjFCaggBXObichu6HAgAABVLkHA="
  },
  {
    name: "interlaced gray, 2 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFAgAAAAGLemG9AAAAJ0lEQVR4nGM4wNDA8IRhAoMLw/ENDFcPMKw5wLCogYHvpAfDIqcVAKX9Cz5Zl4GtAAAAAElFTkSuQmCC",
    rgba: "eNpdjgEKADAIAv1kn+yTji1uSIHI8mTZM93tqvqOJL38OoJnnx3eMJkzycBtlr/I0L6VXnbxAxsNinY="
  },
  {
    name: "interlaced gray, 4 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFBAAAAAEEOpQdAAAANklEQVR4nAErANT/ADYAYACUwABpcAD5MAANbwAALW+QAGHzoADpI+AAl6ivKHUwAEfRqC3X8CSuD+QZALH7AAAAAElFTkSuQmCC",
    rgba: "eNo9jgENACEMA7EwC1iYBSxgAQtYwAIW0IIFLGBh/7dkNFla6NpMVS3nbK01O+c4M3NOA6F774/XWjbGcAbkeePVWk3/zpTS6xQR14HwycOlFM/GbvTTyx+DD7jh3vs0WfbQ9O693Ud/nm2K3A=="
  },
  {
    name: "interlaced gray, 8 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAAAAAHBynkcAAAATUlEQVR4nAFCAL3/AI2RAOIA35daAC6kYABYr4QAjFLABl8HAAxg+JUPAHpyDrjNAK4OR93nAPtpNj22CfjgkXfCAOgfavcbqLptFIZuU9wbeEj3YsgAAAAASUVORK5CYII=",
    rgba: "eNodzKEORAAAgOF2ZrtRNMEbiJqsS6ZQ3XYXFJtsEkGwe4ELl1wzk0z3CMYU3oBN+G+T/29/nufc73d0Xcf3fZZl4TgOPp8PZVlSFAWyLF/tPE+CIMAwDEzTpK5rRFG8/DzPl42iiL7vybKMOI6xbZswDOm6DkmSuN1uNE2D53kMw4AgCGzbhqZpPB4P9n1HVVW+3y9t2/J8PlEUhTRNeb1eTNNEVVU4jnP93u83lmXx+/0YxxHXdVnXlSRJ+AObCokv"
  },
  {
    name: "interlaced rgba",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFCAYAAAHkoSbAAAAA8klEQVR4nAHnABj/AIfDyugxMuhcANhr2NAAkfDbiTzNd/UgzE1QAE4Bk8B8y/ODT/LdkgA3nDwwlFbXUU4h1MQAIqHr+LszKwzQ15ccLJh0qMF3PKC8D61pAP8mae6+z6Qj+APdoBa5OzkbLWVYAExVnmV4Nkzqv5roemBOIPZpohcvAKTPb6jCk2AK5toEDCccTaCp3G/MAPxXI0UW8zhxM/oog/OF5uXEvpOU1G3y4F9ptuwYET9uKYSK875Ayc6urU+3AADDs9Dlutcc6+mxzb3g44XQ6kwLKwdvBUJAtD/zMPiRPglOlxsqHa0WBXRPu6JxiGd35B4AAAAASUVORK5CYII=",
    rgba: "eNoB3AAj/4fDyuj/JmnuTgGTwL7PpCPYa9jQ+APdoHzL84MWuTs5MTLoXBstZVhP8t2S/FcjRRbzOHEz+iiD84Xm5cS+k5TUbfLgX2m27BgRP24phIrzvkDJzq6tT7cioev4TFWeZbszKwx4Nkzq0NeXHL+a6HosmHSoYE4g9sF3PKBpohcvvA+taQDDs9Dlutcc6+mxzb3g44XQ6kwLKwdvBUJAtD/zMPiRPglOlxsqHa0WBXRPkfDbiaTPb6g3nDwwwpNgCjzNd/Xm2gQMlFbXUSccTaAgzE1QqdxvzE4h1MTPWnGI"
  },
  {
    name: "interlaced palette, 4 bits",
    size: [11, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAsAAAAFBAMAAAEWjzvzAAAACVBMVEUAAAAJCAf//v3+YL0PAAAAAnRSTlMAgJsrThgAAAAoSURBVHicDcgxAcAwDAMwlYE9BGn4g+x0yog7Oi5S09ihh5Nv/65uPDGSAjSj19vSAAAAAElFTkSuQmCC",
    rgba: "eNr7/+/v//9AzMnB3sAABCAaGcPEQGqQ5ZHFkTFMDgRgemDiMD5ML7p9yHLIZqObCZNDdwu6HQBzdklA"
  },
  {
    name: "interlaced, one pixel",
    size: [1, 1],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAFAacmyAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
    rgba: "eNr7////fwAJ+gP9"
  },
  {
    name: "every filter",
    size: [7, 5],
    png: "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAAG+GGPAAAAKElEQVR4nAFuAJH/AKmu1IZgTl+piks3tT81VNp1mBRYwAHFlOCHljPnmdTuQHF5BQAAAFFJREFUvTu3oYE8m0WniO8CiSz1MHTH/EKIDWK7iC4SYFzB/83vA2FzbyqdhUzj1RF4NV6QjKKbEbdX/ARdvEf+2u7pY5adx6Z7cqmGGCb8w0/4WziGRgZziQAAAABJRU5ErkJggg==",
    rgba: "eNoBjABz/6mu1P+GYE7/X6mK/0s3tf8/NVT/2nWY/xRYwP/FlOD/TCoT/zPD5/8hgCL/2CGj/xS86P+7RNf/TsDV/3ye2v8vBW//LuLd/2BPtf90GKn/uhHG/4jT2f+sVV7/uRA7/4Txwf/QMEf/RL+J/za/o//ljyD/4y8O/8xzpP8huGf//6Lw/8rXFv/GmmX/+6RZGg=="
  }
]

/** The labels of the volumes below, of 4 × 3 × 2 voxels. */
export const labels = [1, 2, 0, 0, 3, 3, 2, 3, 1, 2, 0, 1, 0, 1, 1, 1, 1, 0, 1, 3, 1, 2, 0, 1]

/** NRRD files of one volume. */
export const nrrdFiles = {
  raw: "TlJSRDAwMDUKIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9yZ2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogdW5zaWduZWQgY2hhcgpkaW1lbnNpb246IDMKc3BhY2U6IGxlZnQtcG9zdGVyaW9yLXN1cGVyaW9yCnNpemVzOiA0IDMgMgpzcGFjZSBkaXJlY3Rpb25zOiAoMSwwLDApICgwLDEsMCkgKDAsMCwxKQpraW5kczogZG9tYWluIGRvbWFpbiBkb21haW4KZW5kaWFuOiBsaXR0bGUKZW5jb2Rpbmc6IHJhdwpzcGFjZSBvcmlnaW46ICgwLDAsMCkKU2VnbWVudDBfTGFiZWxWYWx1ZTo9MQoKAQIAAAMDAgMBAgABAAEBAQEAAQMBAgAB",
  gzip: "TlJSRDAwMDUKIyBDb21wbGV0ZSBOUlJEIGZpbGUgZm9ybWF0IHNwZWNpZmljYXRpb24gYXQ6CiMgaHR0cDovL3RlZW0uc291cmNlZm9yZ2UubmV0L25ycmQvZm9ybWF0Lmh0bWwKdHlwZTogdWludDgKZGltZW5zaW9uOiAzCnNwYWNlOiBsZWZ0LXBvc3Rlcmlvci1zdXBlcmlvcgpzaXplczogNCAzIDIKc3BhY2UgZGlyZWN0aW9uczogKDEsMCwwKSAoMCwxLDApICgwLDAsMSkKa2luZHM6IGRvbWFpbiBkb21haW4gZG9tYWluCmVuZGlhbjogbGl0dGxlCmVuY29kaW5nOiBnemlwCnNwYWNlIG9yaWdpbjogKDAsMCwwKQpTZWdtZW50MF9MYWJlbFZhbHVlOj0xClNlZ21lbnQwX05hbWU6PWE6IGIKCh+LCAgFAAAAAv9jdC5yYXcAY2RiYGBmZmJmZGJgZGAEAgZGMBsAxPTl+xgAAAA=",
  windowsLines:
    "TlJSRDAwMDUNCiMgQ29tcGxldGUgTlJSRCBmaWxlIGZvcm1hdCBzcGVjaWZpY2F0aW9uIGF0Og0KIyBodHRwOi8vdGVlbS5zb3VyY2Vmb3JnZS5uZXQvbnJyZC9mb3JtYXQuaHRtbA0KdHlwZTogdW5zaWduZWQgY2hhcg0KZGltZW5zaW9uOiAzDQpzcGFjZTogbGVmdC1wb3N0ZXJpb3Itc3VwZXJpb3INCnNpemVzOiA0IDMgMg0Kc3BhY2UgZGlyZWN0aW9uczogKDEsMCwwKSAoMCwxLDApICgwLDAsMSkNCmtpbmRzOiBkb21haW4gZG9tYWluIGRvbWFpbg0KZW5kaWFuOiBsaXR0bGUNCmVuY29kaW5nOiBneg0Kc3BhY2Ugb3JpZ2luOiAoMCwwLDApDQoNCh+LCABbqQ5rAv9jZGJgYGZmYmZkYmBkYAQCBkYwGwDE9OX7GAAAAA=="
}
